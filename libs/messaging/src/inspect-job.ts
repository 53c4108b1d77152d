import { SUBJECT, type AttemptRecord } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { request } from './request.js';

/** What the process that holds a job says of it. */
export type Inspection =
  | {
      readonly state: 'queued';
      readonly position: number;
      /** At the rate at which jobs started lately. Absent while there is none. */
      readonly expectedStartMs?: number;
      /** Why it is on none of its deployments yet, by id. */
      readonly skipped: Readonly<Record<string, string>>;
      readonly history: readonly AttemptRecord[];
    }
  | {
      readonly state: 'running';
      readonly deployment: string;
      readonly attemptId: string;
      readonly startedAtMs: number;
      readonly worker: string;
      readonly skipped?: Readonly<Record<string, string>>;
      /** Where a second attempt runs beside it. */
      readonly hedge?: string;
      readonly history: readonly AttemptRecord[];
    };

/** How long a holder may take to answer. Nobody answers for a job that waits on the server. */
const PATIENCE_MS = 100;

/** Asks whoever holds a job where it stands. Undefined when nobody does. */
export async function inspectJob(
  connection: Connection,
  tenant: string,
  job: string,
): Promise<Inspection | undefined> {
  try {
    return await request<Inspection>(connection, SUBJECT.inspect(tenant, job), '', PATIENCE_MS);
  } catch {
    return undefined;
  }
}
