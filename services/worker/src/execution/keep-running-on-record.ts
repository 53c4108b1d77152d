import { SUBJECT } from '@penstock/contracts';
import { writeRunning, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { RunningJobs } from './running-jobs.js';

const PERIOD_MS = 1_000;

/** An attempt that has run for so long is written down. Shorter ones would cost a message that few of them outlive. */
const YOUNG_MS = 500;

/**
 * Keeps on record what runs here, as it was within the last second, for the case that this process dies together with
 * the router that knows. Returns how to stop, which takes back what is on record and runs no more.
 */
export function keepRunningOnRecord({
  connection,
  clock,
  worker,
  running,
}: {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly running: Pick<RunningJobs, 'records'>;
}): () => Promise<void> {
  let isEmpty = true;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    const records = running.records(clock.nowMs() - YOUNG_MS);
    if (records.length === 0 && isEmpty) return;
    const written = await writeRunning(connection, SUBJECT.running(worker), records);
    // What could not be written is written in a second, as it is then.
    if (written.kind === 'stored') isEmpty = records.length === 0;
  };
  const tick = () => {
    if (!connection.connected) return;
    writing ??= write().finally(() => (writing = undefined));
  };
  const stop = clock.every(PERIOD_MS, tick);
  return async () => {
    stop();
    await writing;
    tick();
    await writing;
  };
}
