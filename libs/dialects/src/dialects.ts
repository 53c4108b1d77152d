import { refusal } from '@penstock/contracts';
import { renderAnthropicError, renderAnthropicStreamError } from './anthropic-messages/error.js';
import type { Dialect, Dialects } from './dialect.js';
import { renderGeminiError, renderGeminiStreamError } from './gemini/error.js';
import { renderOpenAiError, renderOpenAiStreamError } from './openai-chat/error.js';
import { readChatRequest } from './openai-chat/read-request.js';
import { readCompletionsRequest } from './openai-completions/read-request.js';
import { readEmbeddingsRequest } from './openai-embeddings/read-request.js';
import { renderResponsesStreamError } from './openai-responses/error.js';

const openAiErrors = { renderError: renderOpenAiError, renderStreamError: renderOpenAiStreamError };

const notRead: Pick<Dialect, 'readRequest'> = {
  readRequest: () => ({
    ok: false,
    refusal: refusal('unknown_api', {
      message: 'This API is not served here. Use openai.chat, openai.completions or openai.embeddings.',
    }),
  }),
};

/** The client dialects. */
export const DIALECTS: Dialects = {
  'openai.chat': { readRequest: readChatRequest, ...openAiErrors },
  'openai.completions': { readRequest: readCompletionsRequest, ...openAiErrors },
  'openai.embeddings': { readRequest: readEmbeddingsRequest, ...openAiErrors },
  'openai.responses': {
    ...notRead,
    renderError: renderOpenAiError,
    renderStreamError: renderResponsesStreamError,
  },
  'anthropic.messages': {
    ...notRead,
    renderError: renderAnthropicError,
    renderStreamError: renderAnthropicStreamError,
  },
  'gemini.generate': {
    ...notRead,
    renderError: renderGeminiError,
    renderStreamError: renderGeminiStreamError,
  },
};
