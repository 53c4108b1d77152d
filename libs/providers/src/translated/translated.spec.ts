import { readFileSync } from 'node:fs';
import { exerciseTranslation, type RecordedTranslation } from '../conformance/exercise-translation.js';

const fixture = (path: string) => readFileSync(`${import.meta.dirname}/../adapters/${path}`, 'utf8');
const SENTENCE = 'A secret sentence of the prompt';

const openAiError = (type: string, code: string | null) =>
  JSON.stringify({ error: { message: SENTENCE, type, param: null, code } });

const OPENAI: RecordedTranslation = {
  path: { whole: '/base/chat/completions', stream: '/base/chat/completions' },
  answer: {
    body: fixture('openai/fixtures/chat-completion.json'),
    text: 'The image shows a wooden boardwalk path running through a lush green field — "naïve" 🌾.',
    usage: {
      inputTokens: 1117,
      outputTokens: 46,
      cachedInputTokens: 1024,
      reasoningTokens: 12,
      source: 'provider',
    },
    id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG',
  },
  stream: {
    body: fixture('openai/fixtures/chat-completion.sse'),
    text: 'Hello, wörld 🌍',
    usage: {
      inputTokens: 19,
      outputTokens: 10,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      source: 'provider',
    },
    leadingEvents: 1,
    closingEvents: 3,
    errorEvent: `data: ${openAiError('overloaded_error', null)}\n\n`,
  },
  errors: {
    rateLimited: openAiError('requests', 'rate_limit_exceeded'),
    invalid: openAiError('invalid_request_error', null),
  },
};

exerciseTranslation('openai', OPENAI);
exerciseTranslation('openai-compatible', OPENAI);
exerciseTranslation('groq', {
  ...OPENAI,
  stream: {
    ...OPENAI.stream,
    body: fixture('openai-like/fixtures/groq.sse'),
    usage: { inputTokens: 19, outputTokens: 10, source: 'provider' },
    closingEvents: 2,
  },
});
exerciseTranslation('together', OPENAI);

const anthropicError = (type: string) =>
  JSON.stringify({ type: 'error', error: { type, message: SENTENCE } });

exerciseTranslation('anthropic', {
  path: { whole: '/base/messages', stream: '/base/messages' },
  answer: {
    body: fixture('anthropic/fixtures/message.json'),
    text: 'Hello! How can I assist you today?',
    usage: {
      inputTokens: 2060,
      outputTokens: 21,
      cachedInputTokens: 1800,
      cacheWriteTokens: 248,
      source: 'provider',
    },
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  },
  stream: {
    body: fixture('anthropic/fixtures/message.sse'),
    text: 'Hello!',
    usage: {
      inputTokens: 125,
      outputTokens: 15,
      cachedInputTokens: 100,
      cacheWriteTokens: 0,
      source: 'provider',
    },
    leadingEvents: 3,
    closingEvents: 2,
    errorEvent: `event: error\ndata: ${anthropicError('overloaded_error')}\n\n`,
  },
  errors: {
    rateLimited: anthropicError('rate_limit_error'),
    invalid: anthropicError('invalid_request_error'),
  },
});

const geminiError = (code: number, status: string) =>
  JSON.stringify({ error: { code, status, message: SENTENCE } });

exerciseTranslation('gemini', {
  path: {
    whole: '/base/models/up-model:generateContent',
    stream: '/base/models/up-model:streamGenerateContent?alt=sse',
  },
  answer: {
    body: fixture('gemini/fixtures/content.json'),
    text: 'AI learns patterns from data to make decisions.',
    usage: {
      inputTokens: 8,
      outputTokens: 41,
      cachedInputTokens: 4,
      reasoningTokens: 31,
      source: 'provider',
    },
    id: 'mAitaLmkHPPlz7IPvtfUqQ4',
  },
  stream: {
    body: fixture('gemini/fixtures/content.sse'),
    text: 'AI learns patterns — from data.',
    usage: {
      inputTokens: 8,
      outputTokens: 38,
      cachedInputTokens: 0,
      reasoningTokens: 31,
      source: 'provider',
    },
    leadingEvents: 0,
    closingEvents: 1,
    errorEvent: `data: ${geminiError(503, 'UNAVAILABLE')}\n\n`,
  },
  errors: {
    rateLimited: geminiError(429, 'RESOURCE_EXHAUSTED'),
    invalid: geminiError(400, 'INVALID_ARGUMENT'),
  },
});
