export * from './database-error.js';
export * from './database-options.js';
export * from './database.js';
export * from './migrate-database.js';
export * from './sql.js';
