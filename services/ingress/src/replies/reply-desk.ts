import { SUBJECT } from '@penstock/contracts';
import { decodeFrame, listen, type Connection, type Frame } from '@penstock/messaging';

/** Called for every frame of an answer, in the order in which they come. */
export type OnFrame = (frame: Frame) => void;

/**
 * Where the answers to this ingress's waiting requests come in: one subscription for all of them, told apart
 * by the job's id in the subject.
 */
export class ReplyDesk {
  private readonly waiting = new Map<string, OnFrame>();
  private readonly stop: () => void;
  private readonly prefixLength: number;

  constructor(
    connection: Connection,
    private readonly ingress: string,
  ) {
    this.prefixLength = SUBJECT.reply(ingress, '').length;
    this.stop = listen(connection, SUBJECT.replies(ingress), (message) => {
      const onFrame = this.waiting.get(message.subject.slice(this.prefixLength));
      const frame = onFrame && decodeFrame(message.headers, message.data);
      if (frame) onFrame(frame);
    });
  }

  /** The subject on which a job's answer is awaited. */
  subject(job: string): string {
    return SUBJECT.reply(this.ingress, job);
  }

  open(job: string, onFrame: OnFrame): void {
    this.waiting.set(job, onFrame);
  }

  close(job: string): void {
    this.waiting.delete(job);
  }

  /** Requests that wait for an answer now. */
  get size(): number {
    return this.waiting.size;
  }

  shutdown(): void {
    this.stop();
  }
}
