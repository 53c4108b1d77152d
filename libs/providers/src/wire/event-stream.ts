import type { Failure, FailureReason, Usage } from '@penstock/contracts';
import type { HttpExchange } from '../http/http-exchange.js';
import type { ChunkStream, StreamEnd } from '../provider.js';
import { readSseEvent, type SseEvent } from './sse-event.js';
import { SseSplitter } from './sse-splitter.js';
import { failureOfAnswer, type ErrorWords } from './status-failure.js';

/**
 * What becomes of one event.
 * - `forward`: the client sees it. - `withhold`: it does not.
 * - `last`: the client sees it, and the answer is complete with it.
 * - a failure: the answer broke off here, and the event is not shown.
 */
export type Verdict = 'forward' | 'withhold' | 'last' | Failure;

/** One dialect's understanding of one stream. Made for a single call. */
export interface StreamReading {
  judge(event: SseEvent): Verdict;
  /** Something has come that a client would take for an answer: from here on nothing can be retried. */
  readonly started: boolean;
  /** The end of the body would be a proper end here, although no `last` event has come. */
  readonly endable: boolean;
  /** What the provider charges, told or estimated, if it ended here. */
  usage(ended: 'complete' | 'broken'): Usage | undefined;
}

/** The bound of one event. Pictures in a stream take a few megabytes. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
/** How long the end of a body may take to come after the last event, before its connection is given up. */
const GRACE_MS = 1000;
const ABANDONED: Failure = { reason: 'aborted', message: 'Penstock broke off the call.' };
const NOTHING = Buffer.alloc(0);

/**
 * Turns the body of an exchange into the chunks a client sees: whole events only, all that came in one read as one
 * chunk, byte for byte as the provider sent them. It ends with success only if the reading says that the answer is
 * complete; whatever else ends it is `stream_interrupted`.
 */
export class EventStream implements ChunkStream {
  private readonly splitter = new SseSplitter(MAX_EVENT_BYTES);
  private opening: Buffer = NOTHING;
  private end: StreamEnd | undefined;

  constructor(
    private readonly exchange: HttpExchange,
    private readonly reading: StreamReading,
  ) {}

  /**
   * Reads up to the first event that is an answer, and keeps it for the first `next`. Returns the failure if the
   * stream ends before: until then the job can still be tried elsewhere, so events that only introduce an answer are
   * held back for it.
   */
  async open(): Promise<StreamEnd | undefined> {
    while (!this.reading.started && !this.end)
      this.opening = Buffer.concat([this.opening, await this.readBlock()]);
    return this.end?.failure && !this.reading.started ? this.end : undefined;
  }

  async next(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    let block = this.opening;
    this.opening = NOTHING;
    while (block.length === 0) {
      if (this.end) return { done: true, value: this.end };
      block = await this.readBlock();
    }
    return { done: false, value: block };
  }

  return(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    this.opening = NOTHING;
    return Promise.resolve({ done: true, value: this.conclude(ABANDONED) });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What one read of the socket has for the client; empty when nothing. */
  private async readBlock(): Promise<Buffer> {
    const bytes = await this.exchange.read();
    if (this.end) return NOTHING;
    if (bytes === undefined) {
      this.conclude(this.endOfBody());
      return NOTHING;
    }
    const split = this.splitter.push(bytes);
    if (split === undefined) return NOTHING;
    if (split === 'too_large') {
      this.conclude(interrupted(`sent an event of more than ${MAX_EVENT_BYTES} bytes`));
      return NOTHING;
    }
    return this.judgeAll(split.block, split.ends);
  }

  private judgeAll(block: Buffer, ends: readonly number[]): Buffer {
    const shown: Buffer[] = [];
    let from = 0;
    let shownTo = 0;
    for (const end of ends) {
      const verdict = this.reading.judge(readSseEvent(block.subarray(from, end)));
      if (verdict !== 'forward') {
        shown.push(block.subarray(shownTo, verdict === 'last' ? end : from));
        shownTo = end;
        if (verdict === 'last') this.conclude(undefined);
        else if (verdict !== 'withhold') this.conclude(this.midStream(verdict));
        if (this.end) return join(shown);
      }
      from = end;
    }
    if (shownTo === 0) return block;
    shown.push(block.subarray(shownTo));
    return join(shown);
  }

  private endOfBody(): Failure | undefined {
    const failure = this.exchange.failure;
    if (failure) return this.midStream(failure);
    return this.reading.endable ? undefined : interrupted('ended the stream before the answer was complete');
  }

  /** Once a client has seen a part, it matters no more why the rest did not come. */
  private midStream(failure: Failure): Failure {
    if (!this.reading.started || failure.reason === 'aborted') return failure;
    return { reason: 'stream_interrupted', message: failure.message };
  }

  private conclude(failure: Failure | undefined): StreamEnd {
    if (!this.end) {
      const usage = this.reading.usage(failure ? 'broken' : 'complete');
      this.end = failure ? { failure, usage } : { usage };
      if (failure) this.exchange.abort();
      else this.exchange.discardRest(GRACE_MS);
    }
    return this.end;
  }
}

export function interrupted(what: string): Failure {
  return { reason: 'stream_interrupted', message: `The provider ${what}.` };
}

/** What an event stands for that is an error, or (without words) is not JSON at all. */
export function failureOfEvent(
  error: ErrorWords | undefined,
  data: string,
  reasons: Readonly<Record<string, FailureReason>>,
): Failure {
  if (!error)
    return { reason: 'malformed_response', message: 'The provider sent an event that cannot be read.' };
  // Inside a stream the status is a 200 that means nothing.
  return failureOfAnswer({ status: 200, headers: {}, body: Buffer.from(data) }, error, reasons, 0);
}

function join(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces);
}
