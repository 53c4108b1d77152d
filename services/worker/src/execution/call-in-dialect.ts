import {
  ERRORS,
  isRetryable,
  refusal,
  type Api,
  type CanonicalStreamPart,
  type Failure,
  type Refusal,
} from '@penstock/contracts';
import {
  nameFields,
  renderError,
  translateRequest,
  type AnswerIdentity,
  type StreamRenderer,
  type Translation,
} from '@penstock/dialects';
import type {
  AnswerStream,
  ChunkStream,
  Provider,
  ProviderAnswer,
  ProviderCall,
  StreamEnd,
  TranslatedAnswer,
} from '@penstock/providers';

/**
 * Calls a provider in the client's dialect, whichever the provider speaks: the bytes as they are where it is the
 * client's own, else translated there and back. Like a provider it never throws; what the caller is at fault for has
 * a body in the caller's dialect. With `requireParameters` a request of which the provider would not see everything is
 * the caller's fault too.
 */
export async function callInDialect(
  provider: Provider,
  call: ProviderCall,
  identity: AnswerIdentity,
  requireParameters = false,
): Promise<DialectAnswer> {
  const { api } = call;
  if (provider.speaks(api))
    return { answer: explained(await provider.call(call), api, identity), dropped: NOTHING_DROPPED };
  const { body, contentType: _, clientHeaders: __, ...terms } = call;
  const translated = translateRequest(api, body);
  if (!translated.ok) return { answer: refused(api, translated.refusal, identity), dropped: [] };
  const { dropped } = translated.value;
  if (requireParameters && dropped[0] !== undefined) {
    const message = `The provider that is left for it has no like of ${dropped.join(', ')}, which provider.require_parameters asks for.`;
    return {
      answer: refused(api, refusal('unprocessable', { param: dropped[0], message }), identity),
      dropped,
    };
  }
  const answer = await provider.generate({ ...terms, call: translated.value.call });
  const unsupported = 'unsupported' in answer ? nameFields(api, answer.unsupported ?? []) : [];
  return {
    answer: explained(inDialect(answer, translated.value, identity), api, identity),
    dropped: [...new Set([...dropped, ...unsupported])],
  };
}

const NOTHING_DROPPED: readonly string[] = [];

/** What came of a call, and which of the request's fields its provider never saw, because its dialect has none like them. */
export interface DialectAnswer {
  readonly answer: ProviderAnswer;
  readonly dropped: readonly string[];
}

function refused(api: Api, why: Refusal, identity: AnswerIdentity): ProviderAnswer {
  const failure: Failure = {
    reason: 'invalid_request',
    message: `The request cannot be put to the provider (${why.code}).`,
    status: ERRORS[why.code].status,
    body: renderError(api, why, identity.id).body,
    errorCode: why.code,
  };
  return { kind: 'failure', failure, usage: undefined, limits: undefined };
}

function inDialect(
  answer: TranslatedAnswer,
  translation: Translation,
  identity: AnswerIdentity,
): ProviderAnswer {
  switch (answer.kind) {
    case 'complete': {
      const { result, unsupported: _, ...rest } = answer;
      const body = translation.renderResult(result, identity);
      return { ...rest, status: 200, contentType: 'application/json', body };
    }
    case 'stream': {
      const { parts, unsupported: _, ...rest } = answer;
      const chunks = new RenderedStream(parts, translation.startStream(identity));
      return { ...rest, status: 200, contentType: 'text/event-stream; charset=utf-8', chunks };
    }
    case 'failure':
      return answer;
  }
}

/** A provider that refused the request says why in its own words; where they are not the caller's, in ours. */
function explained(answer: ProviderAnswer, api: Api, identity: AnswerIdentity): ProviderAnswer {
  if (answer.kind !== 'failure' || answer.failure.body || isRetryable(answer.failure)) return answer;
  const { failure } = answer;
  const why = refusal('invalid_request', { message: failure.callerDetail ?? failure.message });
  return { ...answer, failure: { ...failure, body: renderError(api, why, identity.id).body } };
}

/** The parts of an answer as the client's own events. */
class RenderedStream implements ChunkStream {
  constructor(
    private readonly parts: AnswerStream<readonly CanonicalStreamPart[]>,
    private readonly renderer: StreamRenderer,
  ) {}

  async next(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    for (;;) {
      const next = await this.parts.next();
      if (next.done) return next;
      const bytes = Buffer.concat(next.value.map((part) => this.renderer.render(part)));
      // Not every part shows in every dialect.
      if (bytes.length > 0) return { done: false, value: bytes };
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, StreamEnd>> {
    const end = await this.parts.return();
    return end.done ? end : this.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
