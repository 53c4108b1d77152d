import { REPORT_EVERY_BYTES, REPORT_EVERY_MS, SUBJECT, type Job, type ReadReport } from '@penstock/contracts';
import { send, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';

/** The line to one caller, as far as it can be seen from here. */
export interface CallerLine {
  /** Bytes written to the caller that its connection has not taken yet. */
  waitingBytes(): number;
  /** Has `task` called whenever nothing waits any more. Returns what ends that. */
  onDrained(task: () => void): () => void;
}

/**
 * Tells the worker of a stream how far its caller has read, so that the provider is not read much faster than that.
 * Begins with the first bytes that are worth a message; what most answers are made of costs none.
 */
export class ReadingReports {
  private attempt = '';
  private receivedBytes = 0;
  private readBytes = 0;
  /** Of the last report. */
  private toldAtBytes = 0;
  private stop: (() => void) | undefined;

  constructor(
    private readonly parts: { readonly connection: Connection; readonly clock: Clock },
    private readonly job: Job,
    private readonly line: CallerLine,
  ) {}

  /** So many bytes of the attempt's answer came, and have been written to the caller. */
  received(attempt: string, bytes: number): void {
    this.attempt = attempt;
    this.receivedBytes += bytes;
    if (this.receivedBytes - this.toldAtBytes < REPORT_EVERY_BYTES) return;
    this.stop ??= this.begin();
    this.tell();
  }

  end(): void {
    this.stop?.();
  }

  private begin(): () => void {
    // Reports get lost, and with the last one the stream would stand still.
    const stopRepeating = this.parts.clock.every(REPORT_EVERY_MS, () => this.tell());
    const stopWatching = this.line.onDrained(() => this.tell());
    return () => {
      stopRepeating();
      stopWatching();
    };
  }

  private tell(): void {
    this.toldAtBytes = this.receivedBytes;
    // What waits includes what was written around the answer: comments, and the lengths of blocks.
    this.readBytes = Math.max(this.readBytes, this.receivedBytes - this.line.waitingBytes());
    const report: ReadReport = { attempt: this.attempt, readBytes: this.readBytes };
    send(this.parts.connection, SUBJECT.read(this.job.tenant, this.job.id), JSON.stringify(report));
  }
}
