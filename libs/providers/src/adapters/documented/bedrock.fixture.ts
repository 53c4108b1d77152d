import { SCHEMA, type Documented } from './documented.js';

const TEXT = 'The Meuse is high.';

export const BEDROCK: Documented = {
  adapter: 'bedrock',
  sources: [
    'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
    'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html',
    'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html',
    'https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html',
  ],
  options: { region: 'eu-central-1' },
  request: {
    path: '/base/model/up-model/converse',
    body: {
      system: [{ text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ text: 'How high?' }] }],
      inferenceConfig: { maxTokens: 64, temperature: 0.5, stopSequences: ['END'] },
      toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: SCHEMA } } }] },
    },
  },
  answer: (stopReason) => ({
    output: { message: { role: 'assistant', content: [{ text: TEXT }] } },
    stopReason,
    usage: {
      inputTokens: 30,
      outputTokens: 12,
      totalTokens: 62,
      cacheReadInputTokens: 16,
      cacheWriteInputTokens: 4,
    },
    metrics: { latencyMs: 500 },
  }),
  text: TEXT,
  // What went through the cache is not among the input tokens there; here it is.
  usage: {
    inputTokens: 50,
    cachedInputTokens: 16,
    cacheWriteTokens: 4,
    outputTokens: 12,
    source: 'provider',
  },
  stops: {
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    tool_use: 'tool-calls',
    content_filtered: 'content-filter',
    guardrail_intervened: 'content-filter',
    model_context_window_exceeded: 'length',
    malformed_model_output: 'broken',
    malformed_tool_use: 'broken',
  },
  stream: {
    framing: 'aws',
    events: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'The Meuse' } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: ' is high.' } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      {
        metadata: {
          usage: {
            inputTokens: 30,
            outputTokens: 12,
            totalTokens: 62,
            cacheReadInputTokens: 16,
            cacheWriteInputTokens: 4,
          },
          metrics: { latencyMs: 500 },
        },
      },
    ],
    text: TEXT,
    usage: {
      inputTokens: 50,
      cachedInputTokens: 16,
      cacheWriteTokens: 4,
      outputTokens: 12,
      source: 'provider',
    },
  },
  errors: [
    {
      status: 400,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'ValidationException' },
      reason: 'invalid_request',
    },
    {
      status: 403,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      reason: 'credential_refused',
    },
    {
      status: 404,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      reason: 'model_missing',
    },
    {
      status: 408,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'ModelTimeoutException' },
      reason: 'timed_out',
    },
    {
      status: 400,
      body: { message: 'Input is too long for requested model.' },
      headers: { 'x-amzn-errortype': 'ValidationException' },
      reason: 'context_length_exceeded',
    },
    {
      status: 424,
      body: { message: 'x', originalStatusCode: 500, resourceName: 'm' },
      headers: { 'x-amzn-errortype': 'ModelErrorException' },
      reason: 'server_error',
    },
    {
      status: 429,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'ThrottlingException' },
      reason: 'rate_limited',
    },
    {
      status: 500,
      body: { message: 'x' },
      headers: { 'x-amzn-errortype': 'InternalServerException' },
      reason: 'server_error',
    },
  ],
};
