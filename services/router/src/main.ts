import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveRouter } from './serve-router.js';

await runService('router', serveRouter);
