import type { FastifyReply, FastifyRequest } from 'fastify';

/** Aborts when the caller's connection closes before the answer was written. */
export function whenLeft(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The trace that the caller says the request belongs to. */
export function traceparentOf(request: FastifyRequest): string | undefined {
  const header = request.headers['traceparent'];
  return typeof header === 'string' ? header : undefined;
}
