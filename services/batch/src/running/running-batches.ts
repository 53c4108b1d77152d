import { isFinal } from '../batches/batch-status.js';
import type { BatchRecord } from '@penstock/persistence';
import type { BatchParts } from './batch-parts.js';
import { BatchRun } from './batch-run.js';
import { runBatch } from './run-batch.js';
import { Waiter } from './waiter.js';

/** How long a batch stands still after the death of the process that ran it, at most. */
export const OWNER_LEASE_MS = 5_000;

const TICK_MS = 1_000;

interface Running {
  readonly run: BatchRun;
  readonly waiter: Waiter;
  readonly ended: Promise<void>;
  readonly stop: AbortController;
}

/**
 * The batches that this process runs. It owns each by a lease in Postgres that it renews every second, and takes
 * over those whose owner has gone.
 */
export class RunningBatches {
  private readonly running = new Map<string, Running>();
  private stopTicking: () => void = () => undefined;
  private ticking: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly parts: BatchParts) {}

  start(): void {
    const tick = () => {
      this.ticking = this.ticking.then(() => this.tick());
    };
    this.stopTicking = this.parts.clock.every(TICK_MS, tick);
    tick();
  }

  /** Runs a batch that this process owns. */
  run(record: BatchRecord): void {
    if (this.closed || this.running.has(record.id)) return;
    const run = new BatchRun(record);
    const waiter = new Waiter(this.parts.clock);
    const stop = new AbortController();
    const ended = runBatch(this.parts, run, waiter, stop.signal).then(() => {
      this.running.delete(record.id);
    });
    this.running.set(record.id, { run, waiter, ended, stop });
  }

  /** Something is known of a batch that its run should hear of at once. */
  hear(record: BatchRecord): void {
    const found = this.running.get(record.id);
    found?.run.hear(record.status, this.parts.clock.nowMs());
    found?.waiter.wake();
  }

  /** Stops each run after the step it is in, and leaves the batches to whoever comes next. */
  async close(): Promise<void> {
    this.closed = true;
    this.stopTicking();
    await this.ticking;
    const ended = [...this.running.values()].map(({ ended, stop, waiter }) => {
      stop.abort();
      waiter.wake();
      return ended;
    });
    await Promise.all(ended);
    await this.parts.store
      .letGo(this.parts.owner)
      .catch((error: unknown) => this.parts.onError(error, 'let go of batches'));
  }

  private async tick(): Promise<void> {
    if (this.closed) return;
    const { store, owner } = this.parts;
    try {
      await this.renew();
      for (const record of await store.claim(owner, OWNER_LEASE_MS)) this.run(record);
    } catch (error) {
      this.parts.onError(error, 'renew the ownership of batches');
    }
  }

  private async renew(): Promise<void> {
    const asked = [...this.running.entries()];
    if (asked.length === 0) return;
    const { store, owner, clock } = this.parts;
    const statuses = await store.renew(owner, [...this.running.keys()], OWNER_LEASE_MS);
    for (const [id, { run, waiter, stop }] of asked) {
      const status = statuses.get(id);
      if (status === undefined) stop.abort();
      else if (!isFinal(status)) run.hear(status, clock.nowMs());
      if (status === undefined || status === 'cancelling') waiter.wake();
    }
  }
}
