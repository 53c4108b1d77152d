import type { ProviderOptions, WithProviderOptions } from '@penstock/contracts';

/** Options of several sources as the one optional field; options of one family are put together. */
export function withProviderOptions(...sources: readonly ProviderOptions[]): WithProviderOptions {
  const options: Record<string, ProviderOptions[string]> = {};
  for (const source of sources) {
    for (const [family, fields] of Object.entries(source))
      options[family] = { ...options[family], ...fields };
  }
  return Object.keys(options).length === 0 ? {} : { providerOptions: options };
}
