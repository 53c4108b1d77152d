import { DEFAULT_API, type Api } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';

const CALL_OF_GEMINI = /:(?:generateContent|streamGenerateContent|countTokens)(?:\/|$)/;

/**
 * Whose client has called, by the path and, where vendors share one, by the header that the vendor's clients always
 * send: the dialect of every error, also of those that are found before any handler runs.
 */
export function apiOfRequest(request: Pick<FastifyRequest, 'url' | 'headers' | 'method'>): Api {
  const { headers } = request;
  const path = request.url.split('?')[0] ?? '';
  if (isBelow(path, '/v1beta')) return 'gemini.generate';
  if (isBelow(path, '/v1/messages')) return 'anthropic.messages';
  if (isBelow(path, '/v1/responses')) return 'openai.responses';
  if (isBelow(path, '/v1/models')) {
    if (headers['anthropic-version'] !== undefined) return 'anthropic.messages';
    // Models are called at their own address in Gemini's API alone; elsewhere they are looked at, or deleted.
    const called = request.method === 'POST' || CALL_OF_GEMINI.test(path);
    if (called || headers['x-goog-api-key'] !== undefined) return 'gemini.generate';
  }
  return DEFAULT_API;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
