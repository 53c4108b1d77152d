import type { Job } from '@penstock/contracts';
import type { RequestAddress } from '@penstock/dialects';
import {
  cacheAnswer,
  CACHED_BYTES,
  findCachedAnswer,
  type Answer,
  type CachedAnswer,
  type Connection,
} from '@penstock/messaging';
import type { Telemetry } from '@penstock/telemetry';
import type { RuleBook } from '@penstock/transforms';
import { DEFAULT_CACHE_MS, type CacheOrder } from './cache-order.js';
import { requestDigest } from './request-digest.js';
import { withoutUsage } from './without-usage.js';

export interface CacheParts {
  readonly connection: Connection;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
  readonly keepsAnswers: (tenant: string) => boolean;
  /** How long answers are cached whose requests do not say; undefined where only a request can ask for it. */
  readonly cacheTtlMs: (tenant: string, model: string) => number | undefined;
  readonly rules: RuleBook;
}

/** What the cache is for one call. Its status is what the caller is told in `x-penstock-cache`. */
export type CacheUse =
  | { readonly status: 'hit'; readonly cached: CachedAnswer }
  | { readonly status: 'bypass' }
  /** `keep` is to be given the complete answer, all of its bytes in one. */
  | { readonly status: 'miss'; readonly keep: (answer: Answer) => void };

/**
 * Looks a request's answer up, if its caller or its configuration asks for that; undefined if neither does.
 *
 * A call that is to be repeatable is a job of its own, and bypasses the cache; so does a tenant whose answers must not
 * be kept. A cache that does not answer is as good as none.
 */
export async function lookUp(
  parts: CacheParts,
  order: CacheOrder | undefined,
  job: Job,
  body: Uint8Array,
  address: RequestAddress | undefined,
  repeatable: boolean,
): Promise<CacheUse | undefined> {
  const policyMs = parts.cacheTtlMs(job.tenant, job.model);
  if (!order && policyMs === undefined) return undefined;
  const use = await find(
    parts,
    order ?? { kind: 'use' },
    policyMs ?? DEFAULT_CACHE_MS,
    job,
    body,
    address,
    repeatable,
  );
  parts.telemetry.metrics.cacheLookups.add(1, { result: use.status, 'gen_ai.request.model': job.model });
  return use;
}

async function find(
  { connection, keepsAnswers, rules }: CacheParts,
  order: CacheOrder,
  policyMs: number,
  job: Job,
  body: Uint8Array,
  address: RequestAddress | undefined,
  repeatable: boolean,
): Promise<CacheUse> {
  if (order.kind === 'off' || repeatable || !keepsAnswers(job.tenant)) return { status: 'bypass' };
  const ruled = rules.digestOf(job.tenant, job.preset);
  const place = { tenant: job.tenant, digest: requestDigest(job, body, address, ruled) };
  const cached =
    order.kind === 'use' ? await findCachedAnswer(connection, place).catch(() => undefined) : undefined;
  if (cached) return { status: 'hit', cached };
  const keep = (answer: Answer) => {
    if (answer.outcome !== 'succeeded' || answer.status !== 200 || answer.body.length > CACHED_BYTES) return;
    const unused = { ...answer, body: withoutUsage(answer.contentType, answer.body) };
    void cacheAnswer(connection, place, job.id, unused, order.ttlMs ?? policyMs);
  };
  return { status: 'miss', keep };
}
