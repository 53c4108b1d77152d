import type { FastifyRequest } from 'fastify';
import { apiOfRequest } from '../http/api-of-request.js';

/**
 * The API key of a request, from wherever its vendor's clients put it: `Authorization: Bearer`, `x-api-key`
 * (Anthropic), `x-goog-api-key`, and in Gemini's paths `?key=`.
 */
export function readSecret(request: FastifyRequest): string | undefined {
  const { headers } = request;
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  return (
    bearer ??
    one(headers['x-api-key']) ??
    one(headers['x-goog-api-key']) ??
    (apiOfRequest(request) === 'gemini.generate' ? keyInQuery(request.url) : undefined)
  );
}

function one(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  return value === '' ? undefined : value;
}

function keyInQuery(url: string): string | undefined {
  return new URLSearchParams(url.split('?')[1]).get('key') ?? undefined;
}
