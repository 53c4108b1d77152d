import type { Clock } from '@penstock/resilience';
import type { Adapter } from './adapters/adapter.js';
import { ADAPTERS, type AdapterName } from './adapters/adapters.js';
import { HttpClient } from './http/http-client.js';
import { Passthrough } from './passthrough/passthrough.js';
import type { FailedAnswer, Provider } from './provider.js';
import type { ProviderSettings } from './provider-settings.js';
import { TranslatedCalls } from './translated/translated-calls.js';

/**
 * Makes the provider that a configuration describes. Throws a TypeError when its base URL is none; connects to
 * nothing before the first call.
 */
export function createProvider(
  settings: ProviderSettings & { readonly adapter: AdapterName },
  clock: Clock,
): Provider {
  const adapter: Adapter = ADAPTERS[settings.adapter];
  const client = new HttpClient(clock, settings);
  const dialect = adapter.dialect?.(settings);
  const passthrough = dialect && new Passthrough(settings, dialect, client, clock);
  const translated = new TranslatedCalls(settings, adapter.package, adapter.errors, client, clock);
  return {
    speaks: (api) => dialect?.apis.includes(api) === true,
    call: (call) => {
      if (passthrough && dialect?.apis.includes(call.api)) return passthrough.call(call);
      return Promise.resolve(notSpoken(call.api));
    },
    generate: (call) => translated.generate(call),
    close: () => client.close(),
  };
}

function notSpoken(api: string): FailedAnswer {
  return {
    kind: 'failure',
    failure: { reason: 'model_missing', message: `The provider does not speak ${api}.` },
    usage: undefined,
    limits: undefined,
  };
}
