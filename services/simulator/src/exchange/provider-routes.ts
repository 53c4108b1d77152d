import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Dialect, RequestTarget } from '../dialects/dialect.js';
import { chatDialect } from '../dialects/openai-chat/chat-dialect.js';
import { completionsDialect } from '../dialects/openai-completions/completions-dialect.js';
import { embeddingsDialect } from '../dialects/openai-embeddings/embeddings-dialect.js';
import { renderOpenAiError } from '../dialects/openai-error.js';
import { answerCall } from './answer-call.js';
import { lookUpModels } from './look-up-models.js';
import { readBody } from './read-body.js';
import { sendJson } from './send-json.js';
import type { Simulation } from './simulation.js';

/** Which dialect a path belongs to. */
const CALLS = new Map<string, Dialect>([
  ['/v1/chat/completions', chatDialect],
  ['/v1/completions', completionsDialect],
  ['/v1/embeddings', embeddingsDialect],
]);

const MODELS_PATH = '/v1/models';

const NO_TARGET: RequestTarget = {};

/**
 * Answers what a provider would answer; false leaves the request to somebody else.
 *
 * These handlers take node's own request and response, beneath Nest and Fastify, because benchmarks of Penstock run
 * against them on the same cores: every microsecond here is taken from what is measured.
 */
export function answerProviderRequest(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? '' : url.slice(mark + 1);
  const dialect = CALLS.get(path);
  if (dialect && request.method === 'POST') {
    readBody(request, (body) =>
      answerCall(simulation, { dialect, target: NO_TARGET, query, request, response, body }),
    );
    return true;
  }
  if (!path.startsWith('/v1/')) return false;
  if (request.method === 'GET' && (path === MODELS_PATH || path.startsWith(`${MODELS_PATH}/`))) {
    const id = path.slice(MODELS_PATH.length + 1);
    lookUpModels(simulation, id === '' ? undefined : id, request, response);
    return true;
  }
  const message = `Unknown request URL: ${request.method ?? 'GET'} ${path}.`;
  sendJson(response, 404, renderOpenAiError({ code: 'unknown_url', status: 404, message }));
  return true;
}
