export * from './installation/start-installation.js';
export * from './nats/find-nats-server.js';
export * from './nats/jetstream-level.js';
export * from './nats/nats-server.js';
export * from './postgres/postgres-server.js';
export * from './processes/await-ready.js';
export * from './processes/free-port.js';
export * from './processes/run-process.js';
