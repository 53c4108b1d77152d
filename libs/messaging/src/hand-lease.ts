import { HEADER, SUBJECT } from '@penstock/contracts';
import { errors } from 'nats';
import type { Connection } from './connection.js';
import { listen } from './core.js';
import type { JobDelivery } from './lane-reader.js';
import { request } from './request.js';

/** The lease of a job on its way to the router that holds the job. */
interface HandedLease {
  readonly tenant: string;
  readonly job: string;
  readonly ackSubject: string;
}

/**
 * - `taken`: the job runs there, under this lease from now on.
 * - `unknown`: it does not run there, or not any more.
 * - `gone`: there is no such router.
 * - `silent`: there is, and it did not answer.
 */
export type Handing = 'taken' | 'unknown' | 'gone' | 'silent';

/** A router that is cut off has no listener any more: one that has, and does not answer, is busy. */
const PATIENCE_MS = 2_000;

/** The router that runs a delivered job already, if its record names one. */
export function holderOf({ headers }: Pick<JobDelivery, 'headers'>): string | undefined {
  const holder = headers?.get(HEADER.holder);
  // It stands in a subject, and a publisher may have written it.
  return holder && /^[0-9a-z_]{1,64}$/.test(holder) ? holder : undefined;
}

/** Hands the lease of a delivered job to the router that runs the job already, in this process or another. */
export async function handLease(
  connection: Connection,
  own: string,
  holder: string,
  { lane, headers, ackSubject }: JobDelivery,
): Promise<Handing> {
  const { tenant } = lane;
  const job = headers?.get(HEADER.messageId) ?? '';
  if (holder === own) return connection.early.arrived(tenant, job, ackSubject) ? 'taken' : 'unknown';
  try {
    const handed: HandedLease = { tenant, job, ackSubject };
    return await request<Handing>(connection, SUBJECT.lease(holder), handed, PATIENCE_MS);
  } catch (error) {
    return error instanceof errors.RequestError && error.isNoResponders() ? 'gone' : 'silent';
  }
}

/** Takes leases from other routers. Returns what ends that. */
export function takeLeases(connection: Connection, router: string): () => void {
  return listen(connection, SUBJECT.lease(router), (message) => {
    const { tenant, job, ackSubject } = message.json<HandedLease>();
    const handing: Handing = connection.early.arrived(tenant, job, ackSubject) ? 'taken' : 'unknown';
    message.respond(JSON.stringify(handing));
  });
}
