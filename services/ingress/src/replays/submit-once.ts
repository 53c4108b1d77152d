import { refusal, type Job, type Read } from '@penstock/contracts';
import { claimAddress } from '@penstock/messaging';
import type { Span, Tracing } from '@penstock/telemetry';
import type { Principal } from '../admission/principal.js';
import { storeJob, type SubmissionParts } from '../submission/submit-job.js';
import { awaitRecord } from './await-record.js';
import { claimJob, type ClaimedJob } from './claim-job.js';
import { fingerprintOf } from './fingerprint.js';

/** A job that nobody waits for, and where its record lies, if that is known. */
export interface Submitted {
  readonly job: Job;
  readonly sequence: number | undefined;
  /** It is the job of an earlier request with the same key. */
  readonly replayed: boolean;
}

/** Stores a job that nobody waits for; with an idempotency key, once for all the times that it is sent. */
export async function submitOnce(
  parts: SubmissionParts & { readonly tracing: Tracing },
  { tenant, keyName }: Principal,
  submission: {
    readonly job: Job;
    /** What the job runs with. */
    readonly body: Uint8Array;
    /** What the client sent, by which a repeated request is known. */
    readonly sent: Uint8Array;
    readonly entrance: 'job' | 'background' | 'redrive';
    readonly idempotencyKey: string | undefined;
  },
  span: Span,
): Promise<Read<Submitted>> {
  const { job, body, sent, entrance, idempotencyKey } = submission;
  let claimed: ClaimedJob | undefined;
  if (idempotencyKey !== undefined) {
    const address = claimAddress(tenant, keyName, `key ${idempotencyKey}`);
    const fingerprint = fingerprintOf(entrance, job.api, sent);
    const read = await claimJob(parts, address, job, fingerprint).catch((): Read<never> => ({
      ok: false,
      refusal: refusal('unavailable', { retryAfterMs: 1_000 }),
    }));
    if (!read.ok) return read;
    claimed = read.value;
    if (!claimed.unstored) {
      const sequence = claimed.record ?? (await awaitRecord(parts, address));
      return { ok: true, value: { job: claimed.job, sequence, replayed: true } };
    }
  }
  const stored = await storeJob(parts, claimed?.job ?? job, body, span);
  if (!stored.ok) return stored;
  claimed?.onStored(stored.value.sequence);
  return { ok: true, value: { ...stored.value, replayed: claimed?.fresh === false } };
}
