import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveAccounting } from './serve-accounting.js';

await runService('accounting', serveAccounting);
