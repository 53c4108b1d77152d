import type { CanonicalFinish, CanonicalStreamPart, ProviderOptions, Refusal } from '@penstock/contracts';
import { encodeEvent, NO_EVENT } from '../sse/encode-event.js';
import type { AnswerIdentity, StreamRenderer } from '../translation.js';
import { renderGeminiStreamError } from './error.js';
import {
  candidate,
  finishedCandidate,
  geminiPart,
  responseTail,
  usageMetadata,
  type GeminiPart,
} from './from-canonical.js';

/**
 * A `streamGenerateContent` answer as server-sent events (`alt=sse`, as all of the vendor's clients ask for).
 * Every chunk is a response with what is new. Function calls are never taken apart here: a call comes with
 * its whole arguments.
 */
export class GenerateStream implements StreamRenderer {
  private ended = false;

  constructor(
    private readonly includeThoughts: boolean,
    private readonly identity: AnswerIdentity,
  ) {}

  render(part: CanonicalStreamPart): Uint8Array {
    if (this.ended) return NO_EVENT;
    switch (part.type) {
      case 'text-delta':
        return this.text('text', part.delta, part.providerMetadata);
      case 'text-end':
        return this.text('text', '', part.providerMetadata);
      case 'reasoning-delta':
        return this.text('reasoning', part.delta, part.providerMetadata);
      case 'reasoning-end':
        return this.text('reasoning', '', part.providerMetadata);
      case 'tool-call':
      case 'file':
        return this.chunk(geminiPart(part, this.includeThoughts));
      case 'finish':
        return this.finish(part);
      default:
        return NO_EVENT;
    }
  }

  fail(refusal: Refusal): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = true;
    return renderGeminiStreamError(refusal);
  }

  private text(type: 'text' | 'reasoning', text: string, metadata: ProviderOptions | undefined): Uint8Array {
    const content = { type, text, ...(metadata && { providerMetadata: metadata }) };
    return this.chunk(geminiPart(content, this.includeThoughts));
  }

  private chunk(part: GeminiPart | undefined): Uint8Array {
    if (part === undefined) return NO_EVENT;
    return encodeEvent({ candidates: [candidate([part])], ...responseTail(this.identity) });
  }

  private finish({ finishReason, usage, logprobs }: CanonicalFinish): Uint8Array {
    this.ended = true;
    return encodeEvent({
      candidates: [finishedCandidate([], finishReason, logprobs)],
      ...(usage === undefined ? {} : { usageMetadata: usageMetadata(usage) }),
      ...responseTail(this.identity),
    });
  }
}
