import type { CanonicalStreamPart, Failure, Usage } from '@penstock/contracts';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { AnswerStream, StreamEnd } from '../provider.js';
import { OutputCount } from '../wire/output-count.js';
import { estimatedUsage } from '../wire/token-estimate.js';
import type { CallTrace } from './call-fetch.js';
import { readUnsupported, type PackageWords } from './read-answer.js';
import { readPart } from './read-part.js';

type Parts = readonly CanonicalStreamPart[];

const BROKEN: Failure = {
  reason: 'stream_interrupted',
  message: 'The provider ended the stream before the answer was complete.',
};
const ABANDONED: Failure = { reason: 'aborted', message: 'Penstock broke off the call.' };

/**
 * A provider package's stream as canonical parts. Like EventStream it holds back what only introduces an answer until
 * the answer begins, and it ends with success only after a `finish` in the provider's own words.
 */
export class PartStream implements AnswerStream<Parts> {
  private readonly reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>;
  private readonly output = new OutputCount();
  private opening: CanonicalStreamPart[] = [];
  private started = false;
  private told: Usage | undefined;
  private end: StreamEnd | undefined;
  private responseId: string | undefined;
  private leftOut: readonly string[] = [];

  constructor(
    stream: ReadableStream<LanguageModelV4StreamPart>,
    private readonly trace: CallTrace,
    private readonly explain: (error: unknown) => Failure,
    private readonly target: PackageWords,
  ) {
    this.reader = stream.getReader();
  }

  /** Reads up to the first part that is an answer. Returns how the stream ended if it broke off before. */
  async open(): Promise<StreamEnd | undefined> {
    while (!this.started && !this.end) {
      const part = await this.readPart();
      if (part) this.opening.push(part);
    }
    return this.end?.failure && !this.started ? this.end : undefined;
  }

  /** The id the provider gave its answer, as far as it has come before the answer began. */
  get upstreamId(): string | undefined {
    return this.responseId;
  }

  /** What of the call the package left out. */
  get unsupported(): readonly string[] {
    return this.leftOut;
  }

  async next(): Promise<IteratorResult<Parts, StreamEnd>> {
    if (this.opening.length > 0) {
      const parts = this.opening;
      this.opening = [];
      return { done: false, value: parts };
    }
    while (!this.end) {
      const part = await this.readPart();
      if (part) return { done: false, value: [part] };
    }
    return { done: true, value: this.end };
  }

  return(): Promise<IteratorResult<Parts, StreamEnd>> {
    this.opening = [];
    return Promise.resolve({ done: true, value: this.conclude(ABANDONED) });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async readPart(): Promise<CanonicalStreamPart | undefined> {
    const read = await this.reader.read().catch((error: unknown) => ({ error }));
    if (this.end) return undefined;
    if ('error' in read) return this.fail(this.explain(read.error));
    if (read.done) return this.fail(this.trace.failure ?? BROKEN);
    if (read.value.type === 'stream-start') this.leftOut = readUnsupported(read.value.warnings);
    const given = readPart(read.value, this.target);
    switch (given.kind) {
      case 'nothing':
        return undefined;
      case 'error':
        return this.fail(this.explain(given.error));
      case 'broken':
        return this.fail(this.trace.failure ?? BROKEN);
      case 'part':
        return this.take(given.part);
    }
  }

  private take(part: CanonicalStreamPart): CanonicalStreamPart {
    if ('delta' in part) this.started = this.output.add(part.delta) || this.started;
    else if (part.type === 'response-metadata') this.responseId = part.id ?? this.responseId;
    else if (part.type === 'tool-call' || part.type === 'file') this.started = true;
    else if (part.type === 'finish') {
      this.started = true;
      this.told = part.usage;
      this.conclude(undefined);
    }
    return part;
  }

  private fail(failure: Failure): undefined {
    const hidden = !this.started || failure.reason === 'aborted';
    this.conclude(hidden ? failure : { reason: 'stream_interrupted', message: failure.message });
  }

  private conclude(failure: Failure | undefined): StreamEnd {
    if (!this.end) {
      const usage = this.told ?? estimatedUsage(this.trace.requestBytes, this.output.tokens);
      this.end = failure ? { failure, usage } : { usage };
      if (failure) this.trace.exchange?.abort();
      // The package may still hold a buffer; nobody will ask for it.
      this.reader.cancel().catch(() => {});
    }
    return this.end;
  }
}
