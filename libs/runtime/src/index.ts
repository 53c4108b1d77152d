export * from './run-service.js';
export * from './secrets.js';
export * from './require-database-url.js';
