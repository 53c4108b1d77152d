import type { CanonicalFinish, CanonicalStreamPart, Refusal } from '@penstock/contracts';
import { renderOpenAiStreamError } from '../openai-chat/error.js';
import { completionUsage } from '../openai-chat/usage.js';
import { DONE_EVENT, encodeEvent, joinEvents, NO_EVENT } from '../sse/encode-event.js';
import type { AnswerIdentity, StreamRenderer } from '../translation.js';
import { textChoice, textFinishReason, textHead } from './from-canonical.js';

/** A streamed text completion. Usage comes before `[DONE]`, and only if the client asked for it. */
export class TextStream implements StreamRenderer {
  private ended = false;

  constructor(
    private readonly identity: AnswerIdentity,
    private readonly includeUsage: boolean,
  ) {}

  render(part: CanonicalStreamPart): Uint8Array {
    if (this.ended) return NO_EVENT;
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? NO_EVENT : this.chunk([textChoice(part.delta, null)]);
      case 'finish':
        return this.finish(part);
      default:
        return NO_EVENT;
    }
  }

  fail(refusal: Refusal): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = true;
    return renderOpenAiStreamError(refusal);
  }

  private finish({ finishReason, usage }: CanonicalFinish): Uint8Array {
    this.ended = true;
    const last = this.chunk([textChoice('', textFinishReason(finishReason))]);
    const counted = this.includeUsage && usage ? this.chunk([], completionUsage(usage)) : NO_EVENT;
    return joinEvents(last, counted, DONE_EVENT);
  }

  private chunk(choices: readonly object[], usage: object | null = null): Uint8Array {
    return encodeEvent({ ...textHead(this.identity), choices, ...(this.includeUsage ? { usage } : {}) });
  }
}
