import { refusal, RefusedError } from '@penstock/contracts';
import {
  claimAddress,
  dropClaim,
  findClaim,
  noteAnswer,
  placeClaim,
  type ClaimAddress,
  type ClaimedObject,
  type Connection,
  type FileStore,
  type ObjectClaim,
} from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { Principal } from '../admission/principal.js';
import { isWorthSendingAgain } from './worth-sending-again.js';

export interface MakeOnceParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly files: FileStore;
}

/** An object that is to be made: a file or a batch. */
export interface Making<T extends object> {
  readonly idempotencyKey: string | undefined;
  /** What the request is known by when it is sent again. */
  readonly fingerprint: () => string;
  /** What it will be, with its bytes stored if it has any; or how that is decided, if the key does not say yet. */
  readonly object: ClaimedObject | (() => Promise<ClaimedObject>);
  /** Makes it, or finds it made: each time with the same answer. Throws a `RefusedError`. */
  readonly make: (object: ClaimedObject) => Promise<T>;
}

export interface Made<T extends object> {
  readonly answer: T;
  /** It is the answer to an earlier request with the same key. */
  readonly replayed: boolean;
}

/** How often a claim is gone after when others place or drop theirs meanwhile. */
const ROUNDS = 5;

/**
 * Makes an object; with an idempotency key, once for all the times that it is asked for. What it will be is claimed
 * before it is made, and its answer noted before it is given: whoever finds a claim without an answer makes the object
 * himself, and it is the same one whether or not it had been made. Throws a `RefusedError`.
 */
export async function makeOnce<T extends object>(
  parts: MakeOnceParts,
  { tenant, keyName }: Principal,
  making: Making<T>,
): Promise<Made<T>> {
  const { idempotencyKey, object, make } = making;
  if (idempotencyKey === undefined) {
    return { answer: await make(typeof object === 'function' ? await object() : object), replayed: false };
  }
  const address = claimAddress(tenant, keyName, `key ${idempotencyKey}`);
  const { claim, fresh } = await claimObject(parts, address, making);
  // What was noted is the JSON of what the first one was answered.
  if (claim.answer) return { answer: claim.answer as T, replayed: true };
  const answer = await make(claim.object).catch(async (error: unknown) => {
    // Of a request that is at fault nothing was made, nor will be.
    const atFault = error instanceof RefusedError && !isWorthSendingAgain(error.refusal.code);
    if (atFault) await dropClaim(parts.connection, claim).catch(() => undefined);
    throw error;
  });
  await noteAnswer(parts.connection, address, claim, answer);
  return { answer, replayed: !fresh };
}

/** What the key stands for, or comes to stand for now. */
async function claimObject(
  { connection, clock, files }: MakeOnceParts,
  address: ClaimAddress,
  { fingerprint: fingerprintNow, object }: Pick<Making<object>, 'fingerprint' | 'object'>,
): Promise<{ readonly claim: ObjectClaim; readonly fresh: boolean }> {
  const fingerprint = fingerprintNow();
  let mine = typeof object === 'function' ? undefined : object;
  for (let round = 0; round < ROUNDS; round++) {
    const claim = await findClaim(connection, address).catch(() => 'unavailable' as const);
    if (claim === 'unavailable') break;
    if (claim) {
      const same = claim.fingerprint === fingerprint && 'object' in claim;
      const isMine = same && claim.object.id === mine?.id;
      if (mine?.parts && !isMine) await files.remove(mine.parts);
      if (same) return { claim, fresh: isMine };
      throw new RefusedError(refusal('idempotency_key_reused', { param: 'Idempotency-Key' }));
    }
    mine ??= typeof object === 'function' ? await object() : object;
    const claimed = { object: mine, fingerprint, claimedAtMs: clock.nowMs() };
    const placed = await placeClaim(connection, address, claimed);
    if (placed.kind === 'placed') return { claim: placed.claim, fresh: true };
    // It may be placed all the same, so the bytes that it names are left alone.
    if (placed.kind === 'unavailable') break;
  }
  const message = 'The idempotency key cannot be looked up now. Send it again after the time in Retry-After.';
  throw new RefusedError(refusal('unavailable', { message, retryAfterMs: 1_000 }));
}
