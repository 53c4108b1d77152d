import { rateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { completionCall } from '../completion-call.js';
import type { Dialect } from '../dialect.js';
import { namedEvent } from '../named-event.js';
import { renderOpenAiError } from '../openai-error.js';
import type { ProviderError } from '../provider-error.js';
import { readResponsesRequest } from './read-responses-request.js';
import { renderResponse } from './render-response.js';
import { renderResponseStream } from './render-response-stream.js';

/** `POST /v1/responses`. Nothing is stored: `previous_response_id` and `background` are the broker's to do. */
export const responsesDialect: Dialect = {
  api: 'openai.responses',
  idHeader: 'x-request-id',
  renderError: renderOpenAiError,
  renderErrorEvent: renderResponsesErrorEvent,
  limitHeaders: rateLimitHeaders,
  read(body) {
    const read = readResponsesRequest(body);
    if (!read.ok) return read;
    const { completion, options } = read.value;
    const value = completionCall(completion, options.stream, {
      body: (plan, stamp) => renderResponse(completion.model, plan, options, stamp),
      events: (plan, stamp) => renderResponseStream(completion.model, plan, options, stamp),
    });
    return { ok: true, value };
  },
};

/** In a stream of the Responses API an error is an event of its own. */
function renderResponsesErrorEvent({ code, message, param }: ProviderError): string {
  return namedEvent({ type: 'error', code, message, param: param ?? null, sequence_number: 0 }).text;
}
