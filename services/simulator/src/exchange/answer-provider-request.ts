import type { IncomingMessage, ServerResponse } from 'node:http';

import { errorOfStatus } from '../dialects/provider-error.js';
import { answerCall } from './answer-call.js';
import { routeOf } from './provider-routes.js';
import { lookUp } from './look-up.js';
import { readBody } from './read-body.js';
import { sendError } from './send-error.js';
import type { Simulation } from './simulation.js';

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
  const route = routeOf(request, path, query);
  if (!route) return false;
  readBody(request, (body) => {
    try {
      if (route.kind === 'call') answerCall(simulation, { ...route, query, request, response, body });
      else lookUp(simulation, { route, path, query, request, response, body });
    } catch (error) {
      simulation.logger.error({ error, path }, 'the simulator failed');
      if (!response.headersSent) sendError(response, route.dialect, errorOfStatus(500));
    }
  });
  return true;
}
