import type { BatchStatus } from '@penstock/contracts';
import type { BatchMove, BatchProgress, BatchRecord, BatchTokens } from '@penstock/persistence';
import { mayFollow } from '../batches/batch-status.js';
import { LineSet } from '../lines/line-set.js';
import type { LineSource, NumberedLine } from '../lines/line-source.js';
import type { BatchParts } from './batch-parts.js';
import type { RunView } from './next-step.js';

/** Lines that go into the lane in one message. */
export type LineBundle = readonly [NumberedLine, ...NumberedLine[]];

/** The ending of a line, rendered, waiting to be written to its file. */
export interface GatheredLine {
  readonly file: 'output' | 'errors';
  readonly bytes: Uint8Array;
  readonly tokens: BatchTokens | undefined;
}

/** A batch is no longer this process's to run. */
export class DisownedError extends Error {
  override readonly name = 'DisownedError';
}

/**
 * One batch while a process runs it: the record as Postgres has it, and what is on its way there. Everything
 * beyond the record can be lost, and is found again in the file and in RESULTS.
 */
export class BatchRun {
  done: LineSet;
  /** Lines 1 to here were sent to the lane, or are in `unsent`. */
  released: number;
  /** Lines that the lane has not taken, those together that go in one message. */
  unsent: readonly LineBundle[] = [];
  pausedUntilMs = 0;
  /** The custom ids of released lines that have no ending yet. */
  readonly names = new Map<number, string>();
  gathered = new Map<number, GatheredLine>();
  private gatheredBytes = 0;
  private gatheredSinceMs = 0;
  resultsSequence: number;
  /** The bytes of the last part of each file, while it is small enough to be written again with more. */
  readonly tails: { output: Uint8Array | undefined; errors: Uint8Array | undefined } = {
    output: undefined,
    errors: undefined,
  };
  /** The lines that are to be released yet, once the file is open. */
  source: LineSource | undefined;
  calledBackAtMs: number | undefined;

  constructor(public record: BatchRecord) {
    this.done = LineSet.fromBytes(record.done, record.total);
    this.released = record.released;
    this.resultsSequence = record.resultsSequence;
  }

  view(): RunView {
    const { status, expiresAtMs, total, reached } = this.record;
    return {
      ...{ status, expiresAtMs, total },
      released: this.released,
      unsent: this.unsent.reduce((sum, { length }) => sum + length, 0),
      pausedUntilMs: this.pausedUntilMs,
      done: this.done.size,
      gathered: {
        lines: this.gathered.size,
        bytes: this.gatheredBytes,
        sinceMs: this.gatheredSinceMs,
      },
      endingSinceMs: reached.cancelling ?? reached.finalizing,
      calledBackAtMs: this.calledBackAtMs,
    };
  }

  hasEnding(line: number): boolean {
    return this.gathered.has(line) || this.done.has(line);
  }

  /** The first ending of a line counts; later ones are dropped. */
  gather(line: number, gathered: GatheredLine, nowMs: number): void {
    if (this.hasEnding(line)) return;
    if (this.gathered.size === 0) this.gatheredSinceMs = nowMs;
    this.gathered.set(line, gathered);
    this.gatheredBytes += gathered.bytes.length;
    this.names.delete(line);
  }

  /** What is to be released after this is read out of the file again. */
  async closeSource(): Promise<void> {
    const { source } = this;
    this.source = undefined;
    await source?.close();
  }

  /** Everything gathered, to be written. What is gathered meanwhile is kept apart. */
  takeGathered(): ReadonlyMap<number, GatheredLine> {
    const taken = this.gathered;
    this.gathered = new Map();
    this.gatheredBytes = 0;
    return taken;
  }

  /** Writing failed: it is all to be written yet. */
  putBack(taken: ReadonlyMap<number, GatheredLine>, nowMs: number): void {
    for (const [line, gathered] of taken) this.gather(line, gathered, nowMs);
  }

  /** Stores progress, and hears of the status it has by now. */
  async save(parts: BatchParts, progress: Partial<BatchProgress>): Promise<void> {
    const status = await parts.store.save(parts.owner, this.record.id, progress);
    if (status === undefined) throw new DisownedError(`Batch ${this.record.id} has another owner.`);
    this.record = { ...this.record, ...progress };
    this.hear(status, parts.clock.nowMs());
  }

  /**
   * Stores progress with a new status: the last of those passed `through`. False when the batch has left `from` in
   * the meantime, because it was cancelled; then it is known by its new status.
   */
  async move(
    parts: BatchParts,
    from: BatchStatus,
    through: readonly [BatchStatus, ...BatchStatus[]],
    more: Pick<BatchMove, 'progress' | 'files'> = {},
  ): Promise<boolean> {
    const { id, tenant } = this.record;
    for (const [i, to] of through.entries()) {
      const before = through[i - 1] ?? from;
      if (!mayFollow(before, to)) throw new Error(`Batch ${id} cannot go from ${before} to ${to}.`);
    }
    const atMs = parts.clock.nowMs();
    if (!(await parts.store.move(parts.owner, id, { from, through, atMs, ...more }))) {
      const present = await parts.store.batch({ tenant, id });
      if (!present || present.status === from) throw new DisownedError(`Batch ${id} has another owner.`);
      this.hear(present.status, atMs);
      return false;
    }
    this.record = { ...this.record, ...more.progress };
    for (const status of through) this.hear(status, atMs);
    return true;
  }

  /** The batch was found to be in this status. */
  hear(status: BatchStatus, nowMs: number): void {
    if (status === this.record.status) return;
    const { reached } = this.record;
    this.record = { ...this.record, status, reached: { ...reached, [status]: reached[status] ?? nowMs } };
  }
}
