import { HEADER, STREAM, SUBJECT } from '@penstock/contracts';
import { decodeAnswer, encodeAnswer, FRAME_BYTES, type Answer } from './answer.js';
import type { Connection } from './connection.js';
import { publishDurably } from './publish-durably.js';

/** Where an answer is cached. The tenant is part of the subject, so none reaches another's answers. */
export interface CacheAddress {
  readonly tenant: string;
  /** Of the request. */
  readonly digest: string;
}

export interface CachedAnswer {
  readonly answer: Answer;
  /** The job that made it. */
  readonly job: string;
  readonly storedAtMs: number;
}

/** The largest body of an answer that is cached: what goes into one message. */
export const CACHED_BYTES = FRAME_BYTES;

/** An answer whose time is not over; undefined when there is none. Throws when the server does not say. */
export async function findCachedAnswer(
  connection: Connection,
  { tenant, digest }: CacheAddress,
): Promise<CachedAnswer | undefined> {
  const message = await connection.jsm.direct.getMessage(STREAM.cache, {
    last_by_subj: SUBJECT.cached(tenant, digest),
  });
  if (!message) return undefined;
  return {
    answer: decodeAnswer(message.header, message.data),
    job: message.header.get(HEADER.jobId),
    storedAtMs: message.time.getTime(),
  };
}

/** Caches an answer, in place of an older one. False if it was not stored, which is no harm. */
export async function cacheAnswer(
  connection: Connection,
  { tenant, digest }: CacheAddress,
  job: string,
  answer: Answer,
  ttlMs: number,
): Promise<boolean> {
  const headers = encodeAnswer(answer);
  headers.set(HEADER.jobId, job);
  const published = await publishDurably(connection, SUBJECT.cached(tenant, digest), answer.body, {
    headers,
    ttlSeconds: Math.max(1, Math.round(ttlMs / 1000)),
  });
  return published.kind === 'stored';
}
