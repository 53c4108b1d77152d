import { createHash } from 'node:crypto';
import type { Config } from './schema/config-schema.js';

/** What may hold secrets. */
const SECRET_FIELDS = new Set(['apiKey', 'credentials', 'headers', 'keys', 'options']);

/** What a configuration says, secrets left out, as a short text: the same for the same, for who has to know that it is. */
export function digestOf(config: Config): string {
  const said = JSON.stringify(config, (field, value: unknown) =>
    SECRET_FIELDS.has(field) ? undefined : value,
  );
  return createHash('sha256').update(said).digest('base64url');
}
