import { planCompletion } from '../../completion/plan-completion.js';
import type { Dialect } from '../dialect.js';
import { renderOpenAiError, renderOpenAiErrorEvent } from '../openai-error.js';
import { readChatRequest } from './read-chat-request.js';
import { renderChat } from './render-chat.js';
import { renderChatStream } from './render-chat-stream.js';

/** `POST /v1/chat/completions`. */
export const chatDialect: Dialect = {
  api: 'openai.chat',
  renderError: renderOpenAiError,
  renderErrorEvent: renderOpenAiErrorEvent,
  read(body) {
    const read = readChatRequest(body);
    if (!read.ok) return read;
    const { completion, options } = read.value;
    return {
      ok: true,
      value: {
        model: completion.model,
        kind: 'chat',
        stream: options.stream,
        prompt: completion.prompt,
        plan(directives, output, callSeed) {
          const plan = planCompletion(completion, directives, output, callSeed);
          return {
            usage: plan.usage,
            body: (stamp) => renderChat(completion.model, plan, options, stamp),
            events: (stamp) => renderChatStream(completion.model, plan, options, stamp),
          };
        },
      },
    };
  },
};
