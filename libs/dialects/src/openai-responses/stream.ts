import type { CanonicalStreamPart, Refusal } from '@penstock/contracts';
import { encodeEvent, joinEvents, NO_EVENT } from '../sse/encode-event.js';
import type { AnswerIdentity, StreamRenderer } from '../translation.js';
import { renderResponsesStreamError } from './error.js';
import type { ResponsesRequest } from './request.js';
import { ResponseAssembly } from './response-assembly.js';

/** A streamed response: typed events, numbered from 0, none before the first content. */
export class ResponsesStream implements StreamRenderer {
  private readonly assembly: ResponseAssembly;
  private sequence = 0;
  private ended = false;

  constructor(request: ResponsesRequest, identity: AnswerIdentity) {
    this.assembly = new ResponseAssembly(request, identity);
  }

  render(part: CanonicalStreamPart): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = part.type === 'finish';
    const events: Uint8Array[] = [];
    for (const event of this.assembly.apply(part)) {
      if (this.sequence === 0)
        for (const opening of this.assembly.opening()) events.push(this.encode(opening));
      // Encoded at once: the assembly goes on growing the items that its events hold.
      events.push(this.encode(event));
    }
    return joinEvents(...events);
  }

  fail(refusal: Refusal): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = true;
    return renderResponsesStreamError(refusal, this.sequence);
  }

  private encode(event: { readonly type: string }): Uint8Array {
    return encodeEvent({ ...event, sequence_number: this.sequence++ }, event.type);
  }
}
