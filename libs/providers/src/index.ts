export * from './create-provider.js';
export * from './provider.js';
export * from './provider-settings.js';
