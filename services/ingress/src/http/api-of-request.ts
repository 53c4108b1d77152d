import { DEFAULT_API, type Api } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';

/**
 * Whose client has called, by the path and, where vendors share one, by the header that the vendor's clients always
 * send: the dialect of every error, also of those that are found before any handler runs.
 */
export function apiOfRequest(request: Pick<FastifyRequest, 'url' | 'headers'>): Api {
  const path = request.url.split('?')[0] ?? '';
  if (isBelow(path, '/v1beta')) return 'gemini.generate';
  if (isBelow(path, '/v1/messages')) return 'anthropic.messages';
  if (isBelow(path, '/v1/responses')) return 'openai.responses';
  if (isBelow(path, '/v1/models') && request.headers['anthropic-version'] !== undefined)
    return 'anthropic.messages';
  return DEFAULT_API;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
