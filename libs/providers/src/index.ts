export { ADAPTER_NAMES, isAdapterName, type AdapterName } from './adapters/adapters.js';
export * from './create-provider.js';
export * from './provider.js';
export * from './provider-settings.js';
export * from './wire/drop-json-fields.js';
export * from './wire/rewrite-events.js';
