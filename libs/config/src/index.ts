export { digestOf } from './digest-of.js';
export * from './load-config.js';
export * from './problem.js';
export {
  configJsonSchema,
  type ClassesConfig,
  type Config,
  type DeploymentConfig,
  type ModelConfig,
  type ProviderConfig,
  type TenantConfig,
} from './schema/config-schema.js';
export { ADAPTERS } from './schema/provider.js';
export { providerPreferences as PRESET_PREFERENCES } from './schema/provider-preferences.js';
export { STRATEGIES } from './schema/model.js';
export { PROTECTED_FIELDS, RULE_APIS } from './schema/transforms.js';
export { SETTINGS, type SettingEntry } from './settings/catalogue.js';
export * from './settings/read-settings.js';
export { isCredentialName } from './resolve-secrets.js';
