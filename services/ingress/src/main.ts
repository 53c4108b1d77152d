import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveIngress } from './serve-ingress.js';

await runService('ingress', serveIngress);
