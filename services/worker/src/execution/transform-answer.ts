import type { Failure, Job } from '@penstock/contracts';
import { rewriteEvents, type ChunkStream, type ProviderAnswer, type StreamEnd } from '@penstock/providers';
import type { RulePlan, RuleSet } from '@penstock/transforms';
import { failureOf, parseObject } from './transform-call.js';

/**
 * Applies the rules for answers to an answer in the client's dialect: to a whole one, or to each event of a stream as
 * it goes by. What it used was read before, and stays what the provider said. Errors of the provider are left as they
 * are.
 */
export async function transformAnswer(
  plan: Pick<RulePlan, 'answer' | 'event'> | undefined,
  job: Pick<Job, 'api' | 'id'>,
  given: ProviderAnswer,
): Promise<ProviderAnswer> {
  switch (given.kind) {
    case 'complete': {
      const document = plan?.answer && parseObject(Buffer.from(given.body).toString('utf8'));
      if (!plan?.answer || !document) return given;
      const done = await plan.answer.apply(document);
      if (done.kind === 'done') return { ...given, body: Buffer.from(JSON.stringify(done.document)) };
      const { usage, limits } = given;
      return { kind: 'failure', failure: failureOf(done, job), usage, limits };
    }
    case 'stream':
      if (!plan?.event) return given;
      return { ...given, chunks: new TransformedStream(given.chunks, plan.event, job) };
    case 'failure':
      return given;
  }
}

/** A rule that could not be applied, on its way out of the reading of events. */
class Stopped extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** A stream whose events go through rules. It ends where one cannot be applied. */
class TransformedStream implements ChunkStream {
  private ended: StreamEnd | undefined;

  constructor(
    private readonly chunks: ChunkStream,
    private readonly rules: RuleSet,
    private readonly job: Pick<Job, 'api' | 'id'>,
  ) {}

  async next(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    if (this.ended) return { done: true, value: this.ended };
    const next = await this.chunks.next();
    if (next.done) return next;
    try {
      return { done: false, value: await rewriteEvents(next.value, (data) => this.rewrite(data)) };
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const end = await this.chunks.return();
      this.ended = { failure: error.failure, usage: end.done ? end.value.usage : undefined };
      return { done: true, value: this.ended };
    }
  }

  return(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    return this.chunks.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async rewrite(data: string): Promise<string | undefined> {
    const document = parseObject(data);
    if (!document) return undefined;
    const done = await this.rules.apply(document);
    if (done.kind !== 'done') throw new Stopped(failureOf(done, this.job));
    return done.document === document ? undefined : JSON.stringify(done.document);
  }
}
