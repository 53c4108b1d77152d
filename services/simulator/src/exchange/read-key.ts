import type { IncomingHttpHeaders } from 'node:http';

/** The caller's key, wherever its dialect puts it: `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`. */
export function readKey(headers: IncomingHttpHeaders, query: string): string | undefined {
  const { authorization } = headers;
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7);
  const key = headers['x-api-key'] ?? headers['x-goog-api-key'];
  if (typeof key === 'string') return key;
  return query === '' ? undefined : (new URLSearchParams(query).get('key') ?? undefined);
}
