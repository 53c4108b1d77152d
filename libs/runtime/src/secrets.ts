import type { Config } from '@penstock/config';

/** Every secret a configuration holds: what must never be seen in a log. */
export function secretsOf(config: Config): string[] {
  return [
    ...Object.values(config.providers).flatMap(({ apiKey }) => (apiKey === undefined ? [] : [apiKey])),
    ...config.tenants.flatMap(({ keys }) => keys.map(({ secret }) => secret)),
  ];
}
