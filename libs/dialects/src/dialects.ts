import { renderAnthropicError, renderAnthropicStreamError } from './anthropic-messages/error.js';
import { readMessagesRequest } from './anthropic-messages/read-request.js';
import { translateMessages } from './anthropic-messages/translate.js';
import type { Dialects } from './dialect.js';
import { renderGeminiError, renderGeminiStreamError } from './gemini/error.js';
import { readGenerateRequest } from './gemini/read-request.js';
import { translateGenerate } from './gemini/translate.js';
import { renderOpenAiError, renderOpenAiStreamError } from './openai-chat/error.js';
import { readChatRequest } from './openai-chat/read-request.js';
import { translateChat } from './openai-chat/translate.js';
import { readCompletionsRequest } from './openai-completions/read-request.js';
import { translateCompletions } from './openai-completions/translate.js';
import { readEmbeddingsRequest } from './openai-embeddings/read-request.js';
import { readRecordingRequest, readSpeechRequest } from './openai-media/read-audio-requests.js';
import { readImageEdit, readImageGeneration } from './openai-media/read-image-requests.js';
import { readModerationRequest } from './openai-media/read-moderation-request.js';
import { renderResponsesErrorAfter } from './openai-responses/error.js';
import { readResponsesRequest } from './openai-responses/read-request.js';
import { translateResponses } from './openai-responses/translate.js';

const openAiErrors = { renderError: renderOpenAiError, renderStreamError: renderOpenAiStreamError };

/** The client dialects. */
export const DIALECTS: Dialects = {
  'openai.chat': { readRequest: readChatRequest, translate: translateChat, ...openAiErrors },
  'openai.completions': {
    readRequest: readCompletionsRequest,
    translate: translateCompletions,
    ...openAiErrors,
  },
  'openai.embeddings': { readRequest: readEmbeddingsRequest, ...openAiErrors },
  'openai.responses': {
    readRequest: readResponsesRequest,
    translate: translateResponses,
    renderError: renderOpenAiError,
    renderStreamError: renderResponsesErrorAfter,
  },
  'anthropic.messages': {
    readRequest: readMessagesRequest,
    translate: translateMessages,
    renderError: renderAnthropicError,
    renderStreamError: renderAnthropicStreamError,
  },
  'gemini.generate': {
    readRequest: readGenerateRequest,
    translate: translateGenerate,
    renderError: renderGeminiError,
    renderStreamError: renderGeminiStreamError,
  },
  // What has no like in another dialect is passed through to providers of its own, and never translated.
  'openai.moderations': { readRequest: readModerationRequest, ...openAiErrors },
  'openai.images.generations': { readRequest: readImageGeneration, ...openAiErrors },
  'openai.images.edits': { readRequest: readImageEdit, ...openAiErrors },
  'openai.audio.speech': { readRequest: readSpeechRequest, ...openAiErrors },
  'openai.audio.transcriptions': { readRequest: readRecordingRequest, ...openAiErrors },
  'openai.audio.translations': { readRequest: readRecordingRequest, ...openAiErrors },
};
