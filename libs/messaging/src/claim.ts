import { createHash } from 'node:crypto';
import { STREAM, SUBJECT, type Job } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { decodeJob, encodeJob } from './job-message.js';
import { publishDurably } from './publish-durably.js';

/** What an idempotency key stands for: the job that its first use made. It holds no prompt and no answer. */
export interface Claim {
  /** As it was admitted, whether or not it was stored. */
  readonly job: Job;
  /** Digest of the request. */
  readonly fingerprint: string;
  /** The job's sequence in its lane's stream, once that has been noted. */
  readonly record?: number;
  readonly claimedAtMs: number;
  /** Which writing of the claim this is. */
  readonly revision: number;
}

/** Where the claim of one key is. */
export interface ClaimAddress {
  readonly tenant: string;
  readonly digest: string;
}

/**
 * The address of a tenant's key. Keys are told apart by the API key that brings them too: two programs of a tenant
 * that number their requests from 1 do not get each other's answers.
 */
export function claimAddress(tenant: string, keyName: string, key: string): ClaimAddress {
  // As a list, so that no part can run over into the next.
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, keyName, key]))
    .digest('hex');
  return { tenant, digest };
}

/** What became of a claim that was to be placed. `taken`: the key stands for something already. */
export type Placement =
  | { readonly kind: 'placed'; readonly claim: Claim }
  | { readonly kind: 'taken' }
  | { readonly kind: 'unavailable' };

/** Places a claim where there is none, or in place of `over` if that still stands. Of several at once one wins. */
export async function placeClaim(
  connection: Connection,
  address: ClaimAddress,
  claimed: Omit<Claim, 'revision' | 'record'>,
  over?: Claim,
): Promise<Placement> {
  const published = await write(
    connection,
    address,
    claimed,
    over ? { replaces: over.revision } : { first: true },
  );
  switch (published.kind) {
    case 'stored':
      return { kind: 'placed', claim: { ...claimed, revision: published.sequence } };
    case 'conflict':
      return { kind: 'taken' };
    case 'duplicate':
    case 'full':
    case 'unavailable':
      return { kind: 'unavailable' };
  }
}

/** What a key stands for; undefined when it was never used, or its time is over. Throws when the server does not say. */
export async function findClaim(
  connection: Connection,
  { tenant, digest }: ClaimAddress,
): Promise<Claim | undefined> {
  const message = await connection.jsm.direct.getMessage(STREAM.claims, {
    last_by_subj: SUBJECT.claim(tenant, digest),
  });
  if (!message) return undefined;
  const { lane, ...rest } = message.json<WrittenClaim>();
  return { ...rest, job: decodeJob({ class: lane, tenant }, message.header), revision: message.seq };
}

/** Notes where a claim's job was stored. Without a promise: a claim that lacks it is only dearer to follow. */
export function noteRecord(
  connection: Connection,
  address: ClaimAddress,
  claim: Claim,
  record: number,
): void {
  void write(connection, address, { ...claim, record }, { replaces: claim.revision });
}

/** A claim's body. The job is in the headers, as it is in its lane. */
type WrittenClaim = Omit<Claim, 'job' | 'revision'> & { readonly lane: Job['class'] };

function write(
  connection: Connection,
  { tenant, digest }: ClaimAddress,
  { job, ...rest }: Omit<Claim, 'revision'>,
  condition: { readonly first: true } | { readonly replaces: number },
) {
  const body = JSON.stringify({ ...rest, lane: job.class } satisfies WrittenClaim);
  return publishDurably(connection, SUBJECT.claim(tenant, digest), body, {
    headers: encodeJob(job),
    ...condition,
  });
}
