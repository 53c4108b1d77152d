import { completionCall } from '../completion-call.js';
import type { Dialect } from '../dialect.js';
import type { TokenCounter } from '../token-counter.js';
import { anthropicLimitHeaders } from './limit-headers.js';
import { readInputTokens, readMessagesRequest } from './read-messages-request.js';
import { renderAnthropicError, renderAnthropicErrorEvent } from './render-error.js';
import { renderMessage } from './render-message.js';
import { renderMessageStream } from './render-message-stream.js';

/** Anthropic's `POST /v1/messages`. */
export const messagesDialect: Dialect = {
  api: 'anthropic.messages',
  idHeader: 'request-id',
  renderError: renderAnthropicError,
  renderErrorEvent: renderAnthropicErrorEvent,
  limitHeaders: anthropicLimitHeaders,
  read(body) {
    const read = readMessagesRequest(body);
    if (!read.ok) return read;
    const { completion, stream } = read.value;
    const value = completionCall(completion, stream, {
      body: (plan, stamp) => renderMessage(completion.model, plan, stamp),
      events: (plan, stamp) => renderMessageStream(completion.model, plan, stamp),
    });
    return { ok: true, value };
  },
};

/** `POST /v1/messages/count_tokens`. */
export const messagesCounter: TokenCounter = {
  read: readInputTokens,
  render: (tokens) => JSON.stringify({ input_tokens: tokens }),
};
