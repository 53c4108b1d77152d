import { completionCall } from '../completion-call.js';
import type { Dialect } from '../dialect.js';
import type { TokenCounter } from '../token-counter.js';
import { readGeminiRequest, readGeminiTokens } from './read-gemini-request.js';
import { renderGeminiError, renderGeminiErrorEvent } from './render-error.js';
import { renderGemini, renderGeminiArray, renderGeminiStream } from './render-gemini.js';

/** Gemini's `generateContent` and `streamGenerateContent`. Google tells nothing of its limits beforehand. */
export const geminiDialect: Dialect = {
  api: 'gemini.generate',
  idHeader: undefined,
  renderError: renderGeminiError,
  renderErrorEvent: renderGeminiErrorEvent,
  limitHeaders: () => [],
  read(body, target) {
    const read = readGeminiRequest(body, target.model ?? '');
    if (!read.ok) return read;
    const { completion, options } = read.value;
    // Without alt=sse the chunks come as one array; here it comes when it is whole.
    const render = target.stream === 'array' ? renderGeminiArray : renderGemini;
    const value = completionCall(completion, target.stream === 'events', {
      body: (plan, stamp) => render(completion.model, plan, options, stamp),
      events: (plan, stamp) => renderGeminiStream(completion.model, plan, options, stamp),
    });
    return { ok: true, value };
  },
};

/** `countTokens`. */
export const geminiCounter: TokenCounter = {
  read: readGeminiTokens,
  render: (tokens) => JSON.stringify({ totalTokens: tokens }),
};
