import { rateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { completionCall } from '../completion-call.js';
import type { Dialect } from '../dialect.js';
import { renderOpenAiError, renderOpenAiErrorEvent } from '../openai-error.js';
import { readChatRequest } from './read-chat-request.js';
import { renderChat } from './render-chat.js';
import { renderChatStream } from './render-chat-stream.js';

/** `POST /v1/chat/completions`. */
export const chatDialect: Dialect = {
  api: 'openai.chat',
  idHeader: 'x-request-id',
  renderError: renderOpenAiError,
  renderErrorEvent: renderOpenAiErrorEvent,
  limitHeaders: rateLimitHeaders,
  read(body) {
    const read = readChatRequest(body);
    if (!read.ok) return read;
    const { completion, options } = read.value;
    const value = completionCall(completion, options.stream, {
      body: (plan, stamp) => renderChat(completion.model, plan, options, stamp),
      events: (plan, stamp) => renderChatStream(completion.model, plan, options, stamp),
    });
    return { ok: true, value };
  },
};
