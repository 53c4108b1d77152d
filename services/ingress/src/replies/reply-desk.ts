import { SUBJECT } from '@penstock/contracts';
import { FleetingMap } from '@penstock/resilience';
import { decodeFrame, listen, type Connection, type Frame } from '@penstock/messaging';

/** A request that waits for its job's answer. */
export interface Waiting {
  /** Called for every frame of the answer, in the order in which they come. */
  onFrame(frame: Frame): void;
  /** Called when the server was away: what it kept in memory is gone, and with it perhaps the job. */
  recover(): void;
}

/**
 * Where the answers to this ingress's waiting requests come in: one subscription for all of them, told apart
 * by the job's id in the subject.
 */
export class ReplyDesk {
  private readonly waiting = new FleetingMap<string, Waiting>();
  private readonly recoveries = new Set<() => void>();
  private readonly stop: () => void;
  private readonly prefixLength: number;

  constructor(
    connection: Connection,
    private readonly ingress: string,
  ) {
    this.prefixLength = SUBJECT.reply(ingress, '').length;
    this.stop = listen(connection, SUBJECT.replies(ingress), (message) => {
      const waiting = this.waiting.get(message.subject.slice(this.prefixLength));
      const frame = waiting && decodeFrame(message);
      if (frame) waiting.onFrame(frame);
    });
    connection.onReconnect(() => {
      for (const waiting of [...this.waiting.values()]) waiting.recover();
      for (const recover of [...this.recoveries]) recover();
    });
  }

  /** The subject on which a job's answer is awaited. */
  subject(job: string): string {
    return SUBJECT.reply(this.ingress, job);
  }

  open(job: string, waiting: Waiting): void {
    this.waiting.set(job, waiting);
  }

  close(job: string): void {
    this.waiting.delete(job);
  }

  /** Has `recover` called when the server was away. Returns what ends that. */
  onRecovery(recover: () => void): () => void {
    this.recoveries.add(recover);
    return () => void this.recoveries.delete(recover);
  }

  /** Requests that wait for an answer now. */
  get size(): number {
    return this.waiting.size;
  }

  shutdown(): void {
    this.stop();
  }
}
