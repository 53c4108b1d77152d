import type { ServerResponse } from 'node:http';

import type { PlannedAnswer } from '../dialects/dialect.js';

export const JSON_BODY = { type: 'application/json', encoding: 'utf8' } as const;

/** Sends a whole body with its length, in one write. `headers` is a flat list of names and values. */
export function sendWhole(
  response: ServerResponse,
  status: number,
  body: string,
  headers: readonly string[] = [],
  { type, encoding }: NonNullable<PlannedAnswer['media']> = JSON_BODY,
): void {
  response.writeHead(status, [
    'content-type',
    type,
    'content-length',
    String(Buffer.byteLength(body, encoding)),
    ...headers,
  ]);
  response.end(body, encoding);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: readonly string[] = [],
): void {
  sendWhole(response, status, body, headers);
}
