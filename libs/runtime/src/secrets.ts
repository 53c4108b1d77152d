import { isCredentialName, type Config } from '@penstock/config';

/** Every secret a configuration holds: what must never be seen in a log. */
export function secretsOf(config: Config): string[] {
  return [
    ...Object.values(config.providers).flatMap(({ apiKey, headers, options }) => [
      ...(apiKey === undefined ? [] : [apiKey]),
      ...Object.values(headers ?? {}),
      ...Object.entries(options ?? {}).flatMap(([name, value]) => (isCredentialName(name) ? [value] : [])),
    ]),
    ...config.tenants.flatMap(({ keys }) => keys.map(({ secret }) => secret)),
  ];
}
