import { createHash } from 'node:crypto';
import type { Job } from '@penstock/contracts';
import { FRAME_BYTES, type Answer } from './answer.js';
import type { Connection } from './connection.js';
import { openObjectStore, type ObjectStore } from './object-store.js';

/** Nothing waits, or can be fetched, for longer; the bucket then clears what a killed process left behind. */
const BUCKET_TTL_MS = 31 * 24 * 3_600_000;

/** Bodies longer than this lie in the object store, and the message holds their name: a server takes 1 MiB. */
export const CLAIM_CHECK_BYTES = FRAME_BYTES;

/** Whether a body is too long to travel with its job. */
export function needsCheckIn(body: Uint8Array): boolean {
  return body.length > CLAIM_CHECK_BYTES;
}

/**
 * A job and the body that travels with it: its own, or where that is too long for a message, none, and the job says
 * where it lies. The body is stored before the job can be published. Rejects when it could not be.
 */
export async function checkInBody(
  connection: Connection,
  job: Job,
  body: Uint8Array,
): Promise<{ readonly job: Job; readonly body: Uint8Array }> {
  if (!needsCheckIn(body)) return { job, body };
  const checkedIn = { ...job, claimCheck: createHash('sha256').update(body).digest('hex') };
  await put(await open(connection), bodyName(checkedIn), [body]);
  return { job: checkedIn, body: new Uint8Array() };
}

/** The body of a job that came with `body`. Undefined when it lies elsewhere and cannot be had. */
export async function fetchBody(
  connection: Connection,
  job: Job,
  body: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (job.claimCheck === undefined) return body;
  return fetched(open(connection), bodyName(job)).catch(() => undefined);
}

/** Removes the body of a job that needs it no more. Does nothing for one that travelled with its body. */
export async function discardBody(connection: Connection, job: Job): Promise<void> {
  if (job.claimCheck === undefined) return;
  // What cannot be removed goes with the bucket's time limit.
  await open(connection)
    .then((store) => store.delete(bodyName(job)))
    .catch(() => undefined);
}

/** Whose answer, and which one of theirs: `attempt` keeps two of one job apart. */
export interface AnswerName {
  readonly tenant: string;
  readonly job: string;
  readonly attempt: string;
}

/** An answer's body as it is kept, or where it lies. */
export interface CheckedInAnswer {
  readonly body: Uint8Array;
  readonly claimCheck?: string;
}

/** Whether an answer's body travels with it as it is. */
export function isCarried({ body, storedParts = 0 }: Pick<Answer, 'body' | 'storedParts'>): boolean {
  return storedParts === 0 && !needsCheckIn(body);
}

/** An answer as it is kept, and where its body lies if that is too long. */
export async function checkInAnswer(
  connection: Connection,
  name: AnswerName,
  answer: Pick<Answer, 'body' | 'storedParts'>,
): Promise<CheckedInAnswer> {
  if (isCarried(answer)) return { body: answer.body };
  const { body, storedParts = 0 } = answer;
  if (storedParts > 0) {
    if (body.length > 0) await storePart(connection, name, storedParts, [body]);
    const parts = storedParts + (body.length > 0 ? 1 : 0);
    return { body: new Uint8Array(), claimCheck: `${answerName(name)}/${parts}` };
  }
  await put(await openAnswers(connection), answerName(name), [body]);
  return { body: new Uint8Array(), claimCheck: answerName(name) };
}

/** Stores a part of an answer that is still coming. Rejects when it could not be; then it can be stored again. */
export async function storePart(
  connection: Connection,
  name: AnswerName,
  part: number,
  pieces: readonly Uint8Array[],
): Promise<void> {
  await put(await openAnswers(connection), partName(answerName(name), part), pieces);
}

/** Removes what was stored of an answer that nobody will have. What cannot be removed goes with the bucket's time limit. */
export async function discardParts(connection: Connection, name: AnswerName, parts: number): Promise<void> {
  const store = await openAnswers(connection).catch(() => undefined);
  for (let part = 0; part < parts; part++) await store?.delete(partName(answerName(name), part));
}

/** The body of an answer that was checked in under a name; undefined when it is gone. Rejects when the server does not say. */
export async function fetchAnswer(
  connection: Connection,
  claimCheck: string,
): Promise<Uint8Array | undefined> {
  const answers = openAnswers(connection);
  const [name = '', parts] = claimCheck.split('/');
  if (parts === undefined) return fetched(answers, name);
  const bodies: Uint8Array[] = [];
  for (let part = 0; part < Number(parts); part++) {
    const body = await fetched(answers, partName(name, part));
    if (!body) return undefined;
    bodies.push(body);
  }
  return Buffer.concat(bodies);
}

async function fetched(opening: Promise<ObjectStore>, name: string): Promise<Uint8Array | undefined> {
  const pieces = await (await opening).get(name);
  return pieces && Buffer.concat(pieces);
}

/**
 * The tenant is the lane's, so no job reaches another tenant's bodies; the digest keeps what is sent later under the
 * same job's id from taking the place of what was accepted.
 */
function bodyName({ tenant, id, claimCheck }: Job): string {
  return `job.${tenant}.${id}.${claimCheck}`;
}

function answerName({ tenant, job, attempt }: AnswerName): string {
  return `result.${tenant}.${job}.${attempt}`;
}

function partName(name: string, part: number): string {
  return `${name}/${part}`;
}

async function put(store: ObjectStore, name: string, pieces: readonly Uint8Array[]): Promise<void> {
  await store.put(
    name,
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
        controller.close();
      },
    }),
  );
}

function open(connection: Connection): Promise<ObjectStore> {
  return openObjectStore(connection, 'payloads', { ttlMs: BUCKET_TTL_MS });
}

/** Apart from the bodies of jobs, because they are kept as long as results are and not a day longer. */
function openAnswers(connection: Connection): Promise<ObjectStore> {
  return openObjectStore(connection, 'answers', { ttlMs: connection.storage.resultTtlMs });
}
