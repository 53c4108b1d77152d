import { isErrorCode, refusal, type ErrorCode, type Job } from '@penstock/contracts';
import { findOutcome, recordedFrames, type Answer, type Connection, type Frame } from '@penstock/messaging';
import type { Awaited } from '../replies/await-answer.js';
import type { Ended } from './claim-job.js';
import type { EventPosition } from './event-position.js';

/** Where the parts of an answer go, each with its place in the whole. */
export interface JoinedSink {
  /** False when the caller cannot keep up and has been given up. */
  chunk(bytes: Uint8Array, place: EventPosition): boolean;
}

/**
 * One caller's reading of an answer that several may wait for: what was sent before is read from the recording, what
 * was missed from the result. All of them are the same bytes. `from` leaves out what the caller has already.
 */
export class SharedReading {
  readonly ended: Promise<Awaited>;
  private resolve: (awaited: Awaited) => void = () => undefined;
  private over = false;
  /** Frames that came while what was before them is looked for. Undefined afterwards. */
  private held: Frame[] | undefined = [];
  private attempt = '';
  private expected = 0;
  /** Bytes of this attempt's answer that have been seen. */
  private offset = 0;
  /** Some of them have reached the caller: no other attempt can take over. */
  private passed = false;
  /** Parts of an answer that is no stream. */
  private pieces: Uint8Array[] = [];
  /** A part is missing: only the result can say how the answer goes on. */
  private missed = false;

  constructor(
    private readonly connection: Connection,
    private readonly job: Job,
    private readonly sink: JoinedSink,
    private readonly from: EventPosition | undefined,
  ) {
    this.ended = new Promise((resolve) => (this.resolve = resolve));
  }

  end(awaited: Awaited): void {
    this.over = true;
    this.resolve(awaited);
  }

  refuse(code: ErrorCode): void {
    this.end({ kind: 'refused', refusal: refusal(code) });
  }

  hear(frame: Frame): void {
    if (this.held) this.held.push(frame);
    else this.take(frame);
  }

  /** Takes what was sent before this caller came, then what came meanwhile. */
  async catchUp(): Promise<void> {
    if (this.job.stream && this.job.keepResult) {
      const frames = await recordedFrames(this.connection, replySubjectOf(this.job));
      // Of an answer that was begun anew, only the last beginning is of use to who has seen nothing of it.
      const start = frames.findLastIndex(({ sequence }) => sequence === 0);
      for (const frame of frames.slice(Math.max(0, start))) this.take(frame);
    }
    // Its outcome may have been told between the look at the job and the first frame that was heard here.
    const found = await findOutcome(this.connection, this.job.tenant, this.job.id);
    if (found.kind !== 'none') this.takeEnded(found);
    this.goLive();
  }

  goLive(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const frame of held) this.take(frame);
  }

  /** Goes on with the result as it is kept. */
  async takeResult(): Promise<void> {
    const found = await findOutcome(this.connection, this.job.tenant, this.job.id);
    if (found.kind !== 'none') this.takeEnded(found);
    else this.refuse('stream_interrupted');
  }

  takeEnded(found: Ended): void {
    if (this.over) return;
    if (found.kind === 'event') {
      const { errorCode } = found.event.outcome ?? {};
      return this.refuse(isErrorCode(errorCode) ? errorCode : 'answer_not_kept');
    }
    const { answer, event } = found;
    if (answer.outcome !== 'succeeded' || !this.job.stream) return this.end({ kind: 'answer', answer });
    if (!this.begin(event.attempt?.id ?? '')) return;
    this.pass(answer.body.subarray(this.offset));
    this.finish({ ...answer, body: NOTHING });
  }

  private take(frame: Frame): void {
    if (this.over) return;
    if (frame.kind === 'outcome') {
      const { answer } = frame;
      if (answer.outcome !== 'succeeded') return this.end({ kind: 'answer', answer });
      const inTurn = this.expected === 0 || frame.attempt === this.attempt;
      if (!this.missed && inTurn && frame.sequence === this.expected) return this.finish(answer);
      return void this.takeResult().catch(() => this.refuse('stream_interrupted'));
    }
    if (this.missed || !this.begin(frame.attempt) || frame.sequence < this.expected) return;
    if (frame.sequence > this.expected) {
      this.missed = true;
      return;
    }
    this.expected++;
    this.pass(frame.bytes);
  }

  /** Turns to an attempt's answer. False if the caller has part of another one, or wants to go on with another one. */
  private begin(attempt: string): boolean {
    if (attempt === this.attempt) return true;
    if (this.passed) this.refuse('stream_interrupted');
    else if (this.from && this.from.attempt !== attempt) this.refuse('stream_not_resumable');
    if (this.over) return false;
    this.attempt = attempt;
    this.expected = 0;
    this.offset = 0;
    this.pieces = [];
    return true;
  }

  private pass(bytes: Uint8Array): void {
    if (!this.job.stream) {
      this.pieces.push(bytes);
      return;
    }
    const start = this.offset;
    this.offset += bytes.length;
    const known = Math.max(0, (this.from?.offset ?? 0) - start);
    if (known >= bytes.length) return;
    this.passed = true;
    const place = { job: this.job.id, attempt: this.attempt, offset: start + known };
    if (!this.sink.chunk(bytes.subarray(known), place)) this.end({ kind: 'left' });
  }

  private finish(answer: Answer): void {
    if (this.over) return;
    if (this.from && this.from.offset > this.offset) return this.refuse('stream_not_resumable');
    const body = this.pieces.length === 0 ? answer.body : Buffer.concat([...this.pieces, answer.body]);
    this.end({ kind: 'answer', answer: { ...answer, body } });
  }
}

const NOTHING = new Uint8Array();

export function replySubjectOf({ replySubject }: Job): string {
  if (replySubject === undefined) throw new Error('A job that is to be joined has a reply subject.');
  return replySubject;
}
