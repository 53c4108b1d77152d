import { createHash } from 'node:crypto';
import { STREAM, SUBJECT, type Job, type StoredPart } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { decodeJob, encodeJob } from './job-message.js';
import { publishDurably } from './publish-durably.js';
import { deleteStoredMessage } from './stored-message.js';

interface Claimed {
  /** Digest of the request. */
  readonly fingerprint: string;
  readonly claimedAtMs: number;
  /** Which writing of the claim this is. */
  readonly revision: number;
}

/** A key that stands for the job that its first use made. It holds no prompt and no answer. */
export interface JobClaim extends Claimed {
  /** As it was admitted, whether or not it was stored. */
  readonly job: Job;
  /** The job's sequence in its lane's stream, once that has been noted. */
  readonly record?: number;
}

/** A key that stands for a file or a batch. */
export interface ObjectClaim extends Claimed {
  readonly object: ClaimedObject;
  /** What its maker was answered, once that has been noted: until then it may not have been made. */
  readonly answer?: object;
}

/** What is decided of an object before it is made, so that whoever makes it makes the same one. */
export interface ClaimedObject {
  readonly id: string;
  /** The file that is made with a batch, where the batch's lines come with the request. */
  readonly fileId?: string;
  /** Where the bytes of the file lie already. */
  readonly parts?: readonly StoredPart[];
}

/** What an idempotency key stands for. */
export type Claim = JobClaim | ObjectClaim;

type Unwritten<Written extends Claim> = Omit<Written, 'revision'>;

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
export type Placement<Placed> =
  | { readonly kind: 'placed'; readonly claim: Placed & { readonly revision: number } }
  | { readonly kind: 'taken' }
  | { readonly kind: 'unavailable' };

/** Places a claim where there is none, or in place of `over` if that still stands. Of several at once one wins. */
export async function placeClaim<Placed extends Unwritten<JobClaim> | Unwritten<ObjectClaim>>(
  connection: Connection,
  address: ClaimAddress,
  claimed: Placed,
  over?: Claim,
): Promise<Placement<Placed>> {
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
  if (lane === undefined) return { ...(rest as Unwritten<ObjectClaim>), revision: message.seq };
  return { ...rest, job: decodeJob({ class: lane, tenant }, message.header), revision: message.seq };
}

/** Notes where a claim's job was stored. Without a promise: a claim that lacks it is only dearer to follow. */
export function noteRecord(
  connection: Connection,
  address: ClaimAddress,
  claim: JobClaim,
  record: number,
): void {
  void write(connection, address, { ...claim, record }, { replaces: claim.revision });
}

/**
 * Notes what the maker of a claim's object is answered, before it is: from then on the object is not made again, even
 * if it is deleted. Where another one has noted it, that stands: it is the same.
 */
export async function noteAnswer(
  connection: Connection,
  address: ClaimAddress,
  claim: ObjectClaim,
  answer: object,
): Promise<void> {
  const noted = { ...claim, answer };
  const published = await write(connection, address, noted, { replaces: claim.revision });
  // Gone, because another one was refused what this one was not: the object is there, and the key stands for it.
  if (published.kind === 'conflict') await write(connection, address, noted, { first: true });
}

/** Takes a claim away whose object cannot be made, unless it was written anew since: the key is as good as unused. */
export async function dropClaim(connection: Connection, claim: ObjectClaim): Promise<void> {
  await deleteStoredMessage(connection, STREAM.claims, claim.revision);
}

/** A claim's body. A job is in the headers, as it is in its lane; `lane` says that there is one. */
type WrittenClaim = Omit<JobClaim, 'job' | 'revision'> & { readonly lane?: Job['class'] };

function write(
  connection: Connection,
  { tenant, digest }: ClaimAddress,
  claim: Unwritten<JobClaim> | Unwritten<ObjectClaim>,
  condition: { readonly first: true } | { readonly replaces: number },
) {
  const subject = SUBJECT.claim(tenant, digest);
  if (!('job' in claim)) return publishDurably(connection, subject, JSON.stringify(claim), condition);
  const { job, ...rest } = claim;
  const body = JSON.stringify({ ...rest, lane: job.class } satisfies WrittenClaim);
  return publishDurably(connection, subject, body, { headers: encodeJob(job), ...condition });
}
