import type { Clock } from '@penstock/resilience';
import { openAiDialect } from './adapters/openai/openai-dialect.js';
import { PassthroughProvider } from './passthrough/passthrough-provider.js';
import type { Provider } from './provider.js';
import type { ProviderSettings } from './provider-settings.js';

/** Every adapter there is, by the name the configuration knows it by. */
const ADAPTERS = {
  openai: (settings, clock) => new PassthroughProvider(settings, openAiDialect(settings), clock),
} as const satisfies Record<string, (settings: ProviderSettings, clock: Clock) => Provider>;

export type AdapterName = keyof typeof ADAPTERS;

export const ADAPTER_NAMES = Object.keys(ADAPTERS) as readonly AdapterName[];

export function isAdapterName(value: unknown): value is AdapterName {
  return typeof value === 'string' && Object.hasOwn(ADAPTERS, value);
}

/**
 * Makes the provider that a configuration describes. Throws a TypeError when its base URL is none; connects to
 * nothing before the first call.
 */
export function createProvider(
  settings: ProviderSettings & { readonly adapter: AdapterName },
  clock: Clock,
): Provider {
  return ADAPTERS[settings.adapter](settings, clock);
}
