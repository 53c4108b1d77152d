import { isCredentialName, type Config } from '@penstock/config';

/** Every secret a configuration holds: what must never be seen in a log. */
export function secretsOf(config: Config): string[] {
  return [
    ...Object.values(config.providers).flatMap(({ apiKey, credentials, headers, options }) => [
      ...(apiKey === undefined ? [] : [apiKey]),
      ...keysOf(credentials),
      ...Object.values(headers ?? {}),
      ...Object.entries(options ?? {}).flatMap(([name, value]) => (isCredentialName(name) ? [value] : [])),
    ]),
    ...config.deployments.flatMap(({ credentials }) => keysOf(credentials)),
    ...config.tenants.flatMap(({ keys }) => keys.map(({ secret }) => secret)),
  ];
}

function keysOf(credentials: readonly { readonly apiKey: string }[] = []): string[] {
  return credentials.map(({ apiKey }) => apiKey);
}
