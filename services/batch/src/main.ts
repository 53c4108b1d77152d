import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveBatch } from './serve-batch.js';

await runService('batch', serveBatch);
