import { provider, USAGE } from './chat-wire.fixture.js';
import { SCHEMA, type Documented, type DocumentedError } from './documented.js';

const SOURCES = [
  'https://docs.x.ai/developers/rest-api-reference',
  'https://docs.x.ai/developers/debugging',
  'https://docs.x.ai/developers/advanced-api-usage/prompt-caching/usage-and-pricing',
  'npm @ai-sdk/xai src/xai-error.ts',
  // Bodies that users report; the documentation has their statuses and causes.
  'github.com/continuedev/continue/issues/10778',
  'github.com/continuedev/continue/issues/10373',
  'github.com/griptape-ai/griptape-nodes-engine/issues/1079',
  'github.com/yihong0618/bilingual_book_maker/issues/464',
];
const TEXT = 'The Meuse is high.';

/** An error is a text there, and its code a sentence of gRPC's, or the same as a word. */
const error = (code: string, text: string) => ({ code, error: text });

const ERRORS: readonly DocumentedError[] = [
  {
    status: 400,
    body: error('Client specified an invalid argument', 'Invalid request content'),
    reason: 'invalid_request',
  },
  {
    status: 400,
    body: error(
      'Client specified an invalid argument',
      'Incorrect API key provided: xa***yz. You can obtain an API key from https://console.x.ai.',
    ),
    reason: 'credential_refused',
  },
  {
    status: 400,
    body: error(
      'invalid-argument',
      "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    ),
    reason: 'context_length_exceeded',
  },
  {
    status: 401,
    body: error('unauthenticated:no-credentials', 'No credentials presented.'),
    reason: 'credential_refused',
  },
  {
    status: 403,
    body: error(
      'The caller does not have permission to execute the specified operation',
      "Your newly created teams doesn't have any credits yet.",
    ),
    reason: 'credential_refused',
  },
  {
    status: 403,
    body: error(
      'permission-denied',
      'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO',
    ),
    reason: 'content_filtered',
  },
  {
    status: 404,
    body: error(
      'Some requested entity was not found',
      'The model grok-0 does not exist or your team does not have access to it.',
    ),
    reason: 'model_missing',
  },
  {
    status: 429,
    body: error(
      'Some resource has been exhausted',
      'Your team has either used all available credits or reached its monthly spending limit.',
    ),
    reason: 'credential_refused',
  },
  {
    status: 429,
    body: error('resource-exhausted', 'Too many requests for team t and model grok-4.'),
    headers: { 'retry-after': '4' },
    reason: 'rate_limited',
    retryAfterMs: 4_000,
  },
];

const DETAILS = {
  prompt_tokens_details: { text_tokens: 40, audio_tokens: 0, image_tokens: 0, cached_tokens: 16 },
  completion_tokens_details: {
    reasoning_tokens: 5,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
  num_sources_used: 0,
};

const chat = (total_tokens: number, outputTokens: number): Documented =>
  provider('xai', SOURCES, {
    model: 'grok-3-mini',
    usage: { ...DETAILS, total_tokens },
    more: { system_fingerprint: 'fp_1' },
    expected: { ...USAGE, outputTokens, cachedInputTokens: 16, reasoningTokens: 5 },
    errors: ERRORS,
  });

/** Chat completions, with the thoughts beside the completion. */
export const XAI_CHAT = chat(57, 17);

/** The same with the thoughts among the completion's tokens, as newer models have them. */
export const XAI_CHAT_THOUGHTS_WITHIN = chat(52, 12);

const OUTPUT = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: TEXT, logprobs: [], annotations: [] }],
};

const response = (status: string, output: readonly object[]) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_717_429_456,
  model: 'grok-4',
  status,
  output,
  usage: {
    input_tokens: 40,
    input_tokens_details: { cached_tokens: 16 },
    output_tokens: 17,
    output_tokens_details: { reasoning_tokens: 5 },
    total_tokens: 57,
    num_sources_used: 0,
    num_server_side_tools_used: 0,
  },
});

const EXPECTED = { ...USAGE, outputTokens: 17, cachedInputTokens: 16, reasoningTokens: 5 } as const;
const PLACE = { item_id: 'msg_1', output_index: 0, content_index: 0 };

/** Responses, through which all but clients of chat completions are served. */
export const XAI_RESPONSES: Documented = {
  adapter: 'xai',
  sources: SOURCES,
  request: {
    path: '/base/responses',
    // Responses have no stop sequences.
    body: {
      model: 'up-model',
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'input_text', text: 'How high?' }] },
      ],
      max_output_tokens: 64,
      temperature: 0.5,
      tools: [{ type: 'function', name: 'look', parameters: SCHEMA }],
    },
  },
  unsupported: ['stopSequences'],
  answer: (status) => response(status, [OUTPUT]),
  text: TEXT,
  usage: EXPECTED,
  stops: { completed: 'stop' },
  stream: {
    events: [
      { type: 'response.created', response: response('in_progress', []) },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...OUTPUT, status: 'in_progress', content: [] },
      },
      { type: 'response.output_text.delta', ...PLACE, delta: 'The Meuse' },
      { type: 'response.output_text.delta', ...PLACE, delta: ' is high.' },
      { type: 'response.output_text.done', ...PLACE, text: TEXT },
      { type: 'response.output_item.done', output_index: 0, item: OUTPUT },
      { type: 'response.completed', response: response('completed', [OUTPUT]) },
    ],
    text: TEXT,
    usage: EXPECTED,
  },
  errors: ERRORS,
};
