import { createHash } from 'node:crypto';
import type { Config } from './schema/config-schema.js';

/** What a configuration says, secrets left out, as a short text: the same for the same, for who has to know that it is. */
export function digestOf({ providers, deployments, tenants, ...rest }: Config): string {
  const said = {
    ...rest,
    providers: Object.entries(providers).map(([name, provider]) => [
      name,
      without(provider, 'apiKey', 'credentials', 'headers', 'options'),
    ]),
    deployments: deployments.map((deployment) => without(deployment, 'credentials')),
    tenants: tenants.map((tenant) => without(tenant, 'keys')),
  };
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url');
}

function without<T extends object, Field extends keyof T>(
  value: T,
  ...fields: readonly Field[]
): Omit<T, Field> {
  const left = { ...value };
  for (const field of fields) delete left[field];
  return left;
}
