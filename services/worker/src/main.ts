import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveWorker } from './serve-worker.js';

await runService('worker', serveWorker);
