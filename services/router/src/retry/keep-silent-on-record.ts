import { SUBJECT, type RunningRecord } from '@penstock/contracts';
import { writeRunning, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { DispatchedJobs } from '../dispatch/dispatched-jobs.js';

/** Heartbeats come once a second. One that is late costs no more than a message. */
const SILENT_MS = 1_500;

const LOOK_EVERY_MS = 500;

export interface SilentRecordsOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly router: string;
  readonly dispatched: Pick<DispatchedJobs, 'ofSilent'>;
}

/**
 * Writes down what this router had sent to a worker that has fallen silent, and takes it back when the worker is heard
 * again. Leases of what a dead worker ran take ten seconds to run out: killed in that time, this router would be the second
 * to die that knew of short calls, which their worker had not written down. Returns what ends that, and leaves what is
 * written to other routers.
 */
export function keepSilentOnRecord({
  connection,
  clock,
  router,
  dispatched,
}: SilentRecordsOptions): () => void {
  const written = new Set<string>();
  let writing: Promise<void> | undefined;
  const isWritten = async (worker: string, records: readonly RunningRecord[]): Promise<boolean> => {
    const { kind } = await writeRunning(connection, SUBJECT.runningWhenSilent(worker, router), records);
    return kind === 'stored';
  };
  const write = async (): Promise<void> => {
    const silent = dispatched.ofSilent(SILENT_MS, clock.nowMs());
    for (const [worker, records] of silent) {
      if (written.has(worker) || records.length === 0) continue;
      if (await isWritten(worker, records)) written.add(worker);
    }
    for (const worker of written) {
      if (!silent.has(worker) && (await isWritten(worker, []))) written.delete(worker);
    }
  };
  return clock.every(LOOK_EVERY_MS, () => {
    // What could not be written is tried again, as it is then.
    if (connection.connected) writing ??= write().finally(() => (writing = undefined));
  });
}
