import { HEADER, SUBJECT, type HeaderReader, type Job, type Lane } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { jobOf, textOf, type JobText } from './job-message.js';
import type { JobSeal } from './job-seal.js';
import { MessageHeaders } from './message-headers.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** A job and the body that travels with it. */
export interface BundledJob {
  readonly job: Job;
  readonly body: Uint8Array;
}

/** Jobs of one bundle, at most. What a message costs is an eighth by then, and what runs late can hold up seven. */
export const JOBS_OF_BUNDLE = 8;

/**
 * Bytes of all bodies of a bundle. What the header says of a job (labels, models) stands in its body too, so that this bounds
 * the header as well, which a stream takes up to 64 KiB of.
 */
const MAX_BYTES = 32 * 1024;

/** Whether so many bytes may go together. */
export function fitsBundle(bodies: readonly Uint8Array[]): boolean {
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  return bytes <= MAX_BYTES;
}

/** What stands in the header of a bundle beside its seal. */
interface BundleText {
  /** Each as it would stand in a header of its own. */
  readonly jobs: readonly JobText[];
  /** The length of each body. */
  readonly bytes: readonly number[];
}

function textOfBundle(bundle: readonly BundledJob[]): string {
  const jobs = bundle.map(({ job }) => textOf(job));
  const bytes = bundle.map(({ body }) => body.length);
  return `{"jobs":[${jobs.join(',')}],"bytes":[${bytes.join(',')}]}`;
}

/**
 * Publishes jobs of one lane in one message, under one message id: they are stored together or not at all, and come off
 * the lane together. A message costs about as much as what it says of a job, and jobs that nobody awaits one by one
 * need not have one each. All of one tenant and class; no more of them than fit. Never throws.
 */
export async function publishBundle(
  connection: Connection,
  bundle: readonly [BundledJob, ...BundledJob[]],
  messageId: string,
): Promise<Publication> {
  const [{ job: lane }] = bundle;
  try {
    const seal = connection.seals.current ?? (await connection.seals.load());
    const headers = new MessageHeaders();
    headers.set(HEADER.bundle, seal.close(lane, textOfBundle(bundle)));
    const body = Buffer.concat(bundle.map((one) => one.body));
    return await publishDurably(connection, SUBJECT.lane(lane), body, { headers, messageId });
  } catch (error) {
    return { kind: 'unavailable', message: String(error) };
  }
}

/** Whether a message of a lane says that it is a bundle. */
export function isBundle(headers: HeaderReader | undefined): headers is HeaderReader {
  return headers !== undefined && headers.get(HEADER.bundle) !== '';
}

/** The jobs of a bundle, in their order; undefined when Penstock did not put it into this lane. */
export function openBundle(
  seal: JobSeal,
  lane: Lane,
  headers: HeaderReader,
  body: Uint8Array,
): readonly BundledJob[] | undefined {
  const text = seal.open(lane, headers.get(HEADER.bundle));
  if (text === undefined) return undefined;
  const { jobs, bytes } = JSON.parse(text) as BundleText;
  let start = 0;
  return jobs.map((job, i) => {
    const end = start + (bytes[i] ?? 0);
    const one = { job: jobOf(lane, job), body: body.subarray(start, end) };
    start = end;
    return one;
  });
}
