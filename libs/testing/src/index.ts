export { freePort } from '../../../deploy/local/src/index.js';
export * from './end-with.js';
export * from './eventually.js';
export * from './nats-server.js';
export * from './postgres.js';
