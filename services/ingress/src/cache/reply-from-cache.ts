import type { CachedAnswer } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { FastifyReply } from 'fastify';

/** Answers with what the cache has: a stream as a stream, the rest as one body. */
export function replyFromCache(
  reply: FastifyReply,
  { answer, job, storedAtMs }: CachedAnswer,
  requestId: string,
  clock: Clock,
): void {
  const ageMs = Math.max(0, clock.nowMs() - storedAtMs);
  void reply
    .code(answer.status)
    .headers({
      'x-request-id': requestId,
      'x-penstock-cache': 'hit',
      'x-penstock-cache-job': job,
      age: String(Math.floor(ageMs / 1000)),
      ...(answer.contentType.startsWith('text/event-stream') && { 'cache-control': 'no-cache' }),
    })
    .type(answer.contentType)
    .send(answer.body);
}
