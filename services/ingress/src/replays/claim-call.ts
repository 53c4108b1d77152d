import { refusal, SUBJECT, type ErrorCode, type Job, type Read } from '@penstock/contracts';
import type { RequestAddress } from '@penstock/dialects';
import { claimAddress, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { Principal } from '../admission/principal.js';
import type { JobOptions } from '../admission/read-options.js';
import { claimJob, followClaim, type ClaimedJob } from './claim-job.js';
import { readEventId, type EventPosition } from './event-position.js';
import { fingerprintOf } from './fingerprint.js';
import { EventLabels } from './label-events.js';

/** A call that can be sent again, or whose stream can be come back to. */
export interface RepeatableCall {
  readonly claimed: ClaimedJob;
  /** Up to where the caller has the stream. */
  readonly from?: EventPosition;
  /** Present where events are to have ids. */
  readonly labels?: EventLabels;
}

export interface ClaimParts {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Whether a tenant's answers may be kept. */
  readonly keepsAnswers: (tenant: string) => boolean;
}

/**
 * Finds the job of a call with an idempotency key, of a stream that is to be resumable, or of one that is resumed.
 * Undefined for all other calls: they are answered once, to the connection that waits.
 */
export async function claimCall(
  parts: ClaimParts,
  principal: Principal,
  options: JobOptions,
  admitted: Job,
  body: Uint8Array,
  address?: RequestAddress,
): Promise<Read<RepeatableCall> | undefined> {
  const { idempotencyKey, lastEventId } = options;
  const resumable = admitted.stream && options.resumable === true;
  if (idempotencyKey === undefined && lastEventId === undefined && !resumable) return undefined;
  const from = lastEventId === undefined ? undefined : readEventId(lastEventId);
  if (lastEventId !== undefined && !from) return refuse('invalid_request', 'Last-Event-ID');

  const { tenant, keyName } = principal;
  // A stream without a key is found again by its job, whose id is in the ids of its events.
  const key = idempotencyKey === undefined ? `job ${from?.job ?? admitted.id}` : `key ${idempotencyKey}`;
  const place = claimAddress(tenant, keyName, key);
  const fingerprint = fingerprintOf('call', admitted.api, body, address);
  const keepResult = parts.keepsAnswers(tenant);
  const replySubject =
    admitted.stream && keepResult
      ? SUBJECT.recorded(tenant, admitted.id)
      : SUBJECT.shared(tenant, admitted.id);
  const job: Job = { ...admitted, keepResult, replySubject };
  const labels = resumable || from ? { labels: new EventLabels() } : {};
  try {
    if (!from) {
      const claimed = await claimJob(parts, place, job, fingerprint);
      return claimed.ok ? { ok: true, value: { claimed: claimed.value, ...labels } } : claimed;
    }
    const claimed = await followClaim(parts, place, job, fingerprint);
    if (claimed?.ok === false) return claimed;
    if (claimed?.value.job.id !== from.job) return refuse('stream_not_resumable');
    return { ok: true, value: { claimed: claimed.value, from, ...labels } };
  } catch {
    return { ok: false, refusal: refusal('unavailable', { retryAfterMs: 1_000 }) };
  }
}

function refuse(code: ErrorCode, param?: string): Read<never> {
  return { ok: false, refusal: refusal(code, { ...(param !== undefined && { param }) }) };
}
