import type { FastifyReply } from 'fastify';

/** On every answer that was not made by its own request. */
export const REPLAYED = { 'x-penstock-replayed': 'true' } as const;

/** Says so of an answer, where `replayed`. */
export function markReplayed(reply: FastifyReply, replayed: boolean): void {
  if (replayed) void reply.headers(REPLAYED);
}
