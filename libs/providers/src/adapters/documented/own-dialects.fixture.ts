import { BEDROCK } from './bedrock.fixture.js';
import { SCHEMA, type Documented } from './documented.js';

const TEXT = 'The Meuse is high.';

/** Providers with a dialect of their own. */
export const OWN_DIALECTS: readonly Documented[] = [
  BEDROCK,
  {
    adapter: 'cohere',
    sources: [
      'https://docs.cohere.com/reference/chat',
      'https://docs.cohere.com/reference/errors',
      'github.com/cohere-ai/cohere-typescript src/api/types/{Usage,ChatFinishReason,ChatMessageEndEventDelta}.ts',
    ],
    request: {
      path: '/base/chat',
      body: {
        model: 'up-model',
        max_tokens: 64,
        temperature: 0.5,
        stop_sequences: ['END'],
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'How high?' },
        ],
        tools: [{ type: 'function', function: { name: 'look', parameters: SCHEMA } }],
      },
    },
    answer: (finish_reason) => ({
      id: 'c14c80c3-18eb-4519-9460-6c92edd8cfb4',
      message: { role: 'assistant', content: [{ type: 'text', text: TEXT }] },
      finish_reason,
      usage: {
        billed_units: { input_tokens: 24, output_tokens: 12 },
        tokens: { input_tokens: 40, output_tokens: 12 },
        cached_tokens: 16,
      },
    }),
    text: TEXT,
    usage: { inputTokens: 24, cachedInputTokens: 16, outputTokens: 12, source: 'provider' },
    stops: {
      COMPLETE: 'stop',
      STOP_SEQUENCE: 'stop',
      MAX_TOKENS: 'length',
      TOOL_CALL: 'tool-calls',
      ERROR: 'broken',
      TIMEOUT: 'broken',
    },
    stream: {
      events: [
        { id: '29f14a5a', type: 'message-start', delta: { message: { role: 'assistant', content: [] } } },
        { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
        { type: 'content-delta', index: 0, delta: { message: { content: { text: 'The Meuse' } } } },
        { type: 'content-delta', index: 0, delta: { message: { content: { text: ' is high.' } } } },
        { type: 'content-end', index: 0 },
        {
          type: 'message-end',
          delta: {
            finish_reason: 'COMPLETE',
            usage: {
              billed_units: { input_tokens: 24, output_tokens: 12 },
              tokens: { input_tokens: 40, output_tokens: 12 },
              cached_tokens: 16,
            },
          },
        },
      ],
      text: TEXT,
      usage: { inputTokens: 24, cachedInputTokens: 16, outputTokens: 12, source: 'provider' },
    },
    brokenBy: [{ type: 'message-end', delta: { error: 'x', finish_reason: 'ERROR' } }],
    errors: [
      {
        status: 400,
        body: {
          id: 'a',
          message:
            'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.',
        },
        reason: 'context_length_exceeded',
      },
      {
        status: 400,
        body: { id: 'a', message: 'invalid request: message must be at least 1 token long' },
        reason: 'invalid_request',
      },
      { status: 401, body: { id: 'a', message: 'invalid api token' }, reason: 'credential_refused' },
      {
        status: 402,
        body: { id: 'a', message: 'You have reached your billing limit' },
        reason: 'credential_refused',
      },
      { status: 404, body: { id: 'a', message: 'model not found' }, reason: 'model_missing' },
      {
        status: 429,
        body: { id: 'a', message: 'You are using a Trial key, which is limited' },
        reason: 'rate_limited',
      },
      { status: 500, body: { id: 'a', message: 'internal server error' }, reason: 'server_error' },
    ],
  },
  {
    adapter: 'vertex',
    sources: [
      'https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference',
      'npm @google/genai dist/genai.d.ts (FinishReason, UsageMetadata)',
    ],
    request: {
      path: '/base/models/up-model:generateContent',
      body: {
        generationConfig: { maxOutputTokens: 64, temperature: 0.5, stopSequences: ['END'] },
        contents: [{ role: 'user', parts: [{ text: 'How high?' }] }],
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        tools: [{ functionDeclarations: [{ name: 'look', description: '', parametersJsonSchema: SCHEMA }] }],
      },
    },
    answer: (finishReason) => ({
      candidates: [{ content: { role: 'model', parts: [{ text: TEXT }] }, finishReason }],
      usageMetadata: {
        promptTokenCount: 40,
        cachedContentTokenCount: 16,
        candidatesTokenCount: 12,
        thoughtsTokenCount: 5,
        totalTokenCount: 57,
      },
      modelVersion: 'gemini-2.5-flash',
      responseId: 'r1',
    }),
    text: TEXT,
    usage: {
      inputTokens: 40,
      cachedInputTokens: 16,
      outputTokens: 17,
      reasoningTokens: 5,
      source: 'provider',
    },
    stops: {
      STOP: 'stop',
      MAX_TOKENS: 'length',
      SAFETY: 'content-filter',
      RECITATION: 'content-filter',
      BLOCKLIST: 'content-filter',
      PROHIBITED_CONTENT: 'content-filter',
      SPII: 'content-filter',
      IMAGE_SAFETY: 'content-filter',
      LANGUAGE: 'other',
      OTHER: 'other',
      MALFORMED_FUNCTION_CALL: 'broken',
    },
    stream: {
      events: [
        { candidates: [{ content: { role: 'model', parts: [{ text: 'The Meuse' }] } }] },
        {
          candidates: [{ content: { role: 'model', parts: [{ text: ' is high.' }] }, finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 40, candidatesTokenCount: 12, totalTokenCount: 52 },
        },
      ],
      text: TEXT,
      usage: {
        inputTokens: 40,
        outputTokens: 12,
        source: 'provider',
      },
    },
    errors: [
      {
        status: 400,
        body: { error: { code: 400, message: 'x', status: 'INVALID_ARGUMENT' } },
        reason: 'invalid_request',
      },
      {
        status: 401,
        body: { error: { code: 401, message: 'x', status: 'UNAUTHENTICATED' } },
        reason: 'credential_refused',
      },
      {
        status: 403,
        body: { error: { code: 403, message: 'x', status: 'PERMISSION_DENIED' } },
        reason: 'credential_refused',
      },
      {
        status: 404,
        body: { error: { code: 404, message: 'x', status: 'NOT_FOUND' } },
        reason: 'model_missing',
      },
      {
        status: 429,
        body: { error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED' } },
        reason: 'rate_limited',
      },
      {
        status: 503,
        body: { error: { code: 503, message: 'x', status: 'UNAVAILABLE' } },
        reason: 'overloaded',
      },
    ],
  },
];
