import { jobStream, refusal, type Job, type Read, type Refusal } from '@penstock/contracts';
import {
  findClaim,
  findOutcome,
  inspectJob,
  jobInLane,
  laneMessageIds,
  noteRecord,
  placeClaim,
  storedMessage,
  type Claim,
  type ClaimAddress,
  type Connection,
  type FoundOutcome,
  type JobClaim,
} from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { isDelayed } from '../jobs/find-job.js';
import { isWorthSendingAgain } from './worth-sending-again.js';

/** A job that is done, with what is known of its outcome. */
export type Ended = Exclude<FoundOutcome, { kind: 'none' }>;

/** The job that an idempotency key stands for, and how things are with it. */
export interface ClaimedJob {
  readonly job: Job;
  /** Nobody had used the key before. */
  readonly fresh: boolean;
  /** Where it lies in its lane's stream, if that is known. */
  readonly record?: number;
  /** Its outcome, if it had one by now. */
  readonly ended?: Ended;
  /** It is not known to be in its lane, and has to be stored: under its id, so that it is there once in any case. */
  readonly unstored: boolean;
  /** To be told where the job was stored. */
  readonly onStored: (record: number) => void;
}

interface ClaimParts {
  readonly connection: Connection;
  readonly clock: Clock;
}

/**
 * Within this time the server itself drops a second job of one id (its duplicate window is two minutes), so nothing
 * need be looked up. Well below it, since clocks differ.
 */
const DROPPED_BY_SERVER_MS = 60_000;

/** A job is stored in this time after its claim was placed, or not by whoever placed it. */
const STORED_WITHIN_MS = 30_000;

/** How often a claim is gone after when others place or give up theirs meanwhile. */
const ROUNDS = 5;

/**
 * Finds the job that a key stands for, or makes it stand for `job`. The first use of a key decides, at whichever
 * ingress; a claim is stored before its job is, so that an ingress that is killed in between leaves a claim whose job
 * the next use of the key stores.
 *
 * A key stands for its job as long as results are kept, unless the outcome was a failure that its error says to send
 * the request again for: then the next use begins anew.
 */
export async function claimJob(
  parts: ClaimParts,
  address: ClaimAddress,
  job: Job,
  fingerprint: string,
): Promise<Read<ClaimedJob>> {
  const { connection, clock } = parts;
  let over: Claim | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const claimed = { job, fingerprint, claimedAtMs: clock.nowMs() };
    const placed = await placeClaim(connection, address, claimed, over);
    if (placed.kind === 'placed') return { ok: true, value: freshly(connection, address, placed.claim) };
    if (placed.kind === 'unavailable') break;
    over = undefined;
    const claim = await findClaim(connection, address).catch(() => undefined);
    if (!claim) continue;
    const known = await follow(parts, address, claim, job, fingerprint);
    if (known !== 'given_up') return known;
    over = claim;
  }
  return refuse(refusal('unavailable', { retryAfterMs: 1_000 }));
}

/** Finds the job that a key stands for; undefined when it stands for none, or for one that is to be made anew. */
export async function followClaim(
  parts: ClaimParts,
  address: ClaimAddress,
  job: Job,
  fingerprint: string,
): Promise<Read<ClaimedJob> | undefined> {
  const claim = await findClaim(parts.connection, address);
  const known = claim && (await follow(parts, address, claim, job, fingerprint));
  return known === 'given_up' ? undefined : known;
}

function freshly(connection: Connection, address: ClaimAddress, claim: JobClaim): ClaimedJob {
  return {
    job: claim.job,
    fresh: true,
    unstored: true,
    onStored: (record) => noteRecord(connection, address, claim, record),
  };
}

/** How things are with the job of a claim that was found. `job`: what would be made of the request now. */
async function follow(
  parts: ClaimParts,
  address: ClaimAddress,
  claim: Claim,
  job: Job,
  fingerprint: string,
): Promise<Read<ClaimedJob> | 'given_up'> {
  const { connection } = parts;
  if (claim.fingerprint !== fingerprint || !('job' in claim))
    return refuse(refusal('idempotency_key_reused', { param: 'Idempotency-Key' }));
  const known = {
    job: claim.job,
    fresh: false,
    ...(claim.record !== undefined && { record: claim.record }),
    onStored: (record: number) => {
      if (claim.record === undefined) noteRecord(connection, address, claim, record);
    },
  };
  const ended = await findOutcome(connection, claim.job.tenant, claim.job.id);
  if (ended.kind !== 'none') return endedJob(known, ended);
  if (await isUnderway(parts, claim)) return { ok: true, value: { ...known, unstored: false } };
  // It may have ended between the first look and the last.
  const late = await findOutcome(connection, claim.job.tenant, claim.job.id);
  if (late.kind !== 'none') return endedJob(known, late);
  const { deadlineMs: _, ...rest } = claim.job;
  const { acceptedAtMs, deadlineMs } = job;
  const anew: Job = { ...rest, acceptedAtMs, ...(deadlineMs !== undefined && { deadlineMs }) };
  return { ok: true, value: { ...known, job: anew, unstored: true } };
}

function endedJob(
  known: Omit<ClaimedJob, 'ended' | 'unstored'>,
  ended: Ended,
): Read<ClaimedJob> | 'given_up' {
  if (isOurFailure(ended)) return 'given_up';
  return { ok: true, value: { ...known, ended, unstored: false } };
}

/** A failure that was not the request's own. */
function isOurFailure({ event: { outcome } }: Ended): boolean {
  if (!outcome || outcome.state === 'succeeded' || outcome.state === 'cancelled') return false;
  return isWorthSendingAgain(outcome.errorCode);
}

/** Whether the claim's job is known to be somewhere on its way. When in doubt it is not. */
async function isUnderway({ connection, clock }: ClaimParts, claim: JobClaim): Promise<boolean> {
  const { job, record, claimedAtMs } = claim;
  if (record === undefined && clock.nowMs() - claimedAtMs < DROPPED_BY_SERVER_MS) return false;
  if (record !== undefined) {
    const found = await jobInLane(connection, await storedMessage(connection, jobStream(job.class), record));
    if (found?.tenant === job.tenant && found.id === job.id) return true;
  }
  if (await inspectJob(connection, job.tenant, job.id)) return true;
  if (await isDelayed(connection, job.tenant, job.id)) return true;
  if (record !== undefined) return false;
  const untilMs = claimedAtMs + STORED_WITHIN_MS;
  return (await laneMessageIds(connection, job, claimedAtMs - STORED_WITHIN_MS, untilMs)).has(job.id);
}

function refuse(why: Refusal): Read<never> {
  return { ok: false, refusal: why };
}
