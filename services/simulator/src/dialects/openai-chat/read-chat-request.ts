import type {
  CompletionRequest,
  JsonSchema,
  OfferedTool,
  ToolChoice,
} from '../../completion/completion-request.js';
import { countTokens, IMAGE_TOKENS } from '../../completion/count-tokens.js';
import type { Reading } from '../dialect.js';
import { FieldReader } from '../field-reader.js';

/** What of a request only the rendering needs. */
export interface ChatOptions {
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly logprobs: boolean;
  readonly topLogprobs: number;
}

export interface ChatRequest {
  readonly completion: CompletionRequest;
  readonly options: ChatOptions;
}

const ROLES = new Set(['developer', 'system', 'user', 'assistant', 'tool', 'function']);

export function readChatRequest(body: unknown): Reading<ChatRequest> {
  const fields = FieldReader.of(body);
  const model = fields.text('model');
  const messages = readMessages(fields);
  const stream = fields.flag('stream');
  const tools = readTools(fields);
  fields.number('temperature', 0, 2);
  fields.number('top_p', 0, 1);
  const streamOptions = fields.object('stream_options');
  if (streamOptions && !stream) {
    fields.reject(
      'stream_options',
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    );
  }
  const value: ChatRequest = {
    completion: {
      model,
      inputTokens: messages.tokens + tools.tokens,
      prompt: messages.prompt,
      answersTool: messages.endsWithTool,
      choices: fields.whole('n', 1, 128) ?? 1,
      maxOutputTokens: fields.whole('max_completion_tokens', 1) ?? fields.whole('max_tokens', 1),
      stop: fields.texts('stop', 4),
      seed: fields.whole('seed', -(2 ** 63), 2 ** 63),
      tools: tools.offered,
      toolChoice: readToolChoice(fields, tools.offered),
      parallelToolCalls: fields.raw('parallel_tool_calls') !== false,
      answerSchema: readAnswerSchema(fields),
      reasoning: (fields.optionalText('reasoning_effort') ?? 'none') !== 'none',
    },
    options: {
      stream,
      includeUsage: streamOptions?.flag('include_usage') ?? false,
      logprobs: fields.flag('logprobs'),
      topLogprobs: fields.whole('top_logprobs', 0, 20) ?? 0,
    },
  };
  return fields.outcome(value);
}

function readMessages(fields: FieldReader) {
  const messages = fields.list('messages');
  if (!fields.has('messages')) fields.reject('messages', "Missing required parameter: 'messages'.");
  else if (messages.length === 0)
    fields.reject('messages', "Invalid 'messages': empty array. Expected at least one.");
  let tokens = 0;
  let prompt = '';
  let role = '';
  for (const message of messages) {
    role = message.text('role');
    if (!ROLES.has(role))
      message.reject('role', `Invalid value: '${role}'. Supported values are: ${[...ROLES].join(', ')}.`);
    const content = readContent(message, role);
    tokens += content.tokens;
    if (role === 'user') prompt = content.text;
    for (const call of message.list('tool_calls')) {
      const called = call.object('function');
      tokens +=
        countTokens(called?.optionalText('name') ?? '') +
        countTokens(called?.optionalText('arguments') ?? '');
    }
  }
  return { tokens, prompt, endsWithTool: role === 'tool' || role === 'function' };
}

function readContent(message: FieldReader, role: string): { text: string; tokens: number } {
  const content = message.raw('content');
  if (typeof content === 'string') return { text: content, tokens: countTokens(content) };
  if (content === undefined) {
    if (role !== 'assistant') message.reject('content', `Missing required parameter: 'content'.`);
    return { text: '', tokens: 0 };
  }
  const texts: string[] = [];
  let tokens = 0;
  for (const part of message.list('content')) {
    const type = part.text('type');
    if (type === 'text' || type === 'refusal') texts.push(part.text(type));
    else if (type === 'image_url' || type === 'input_audio' || type === 'file') {
      part.object(type);
      tokens += IMAGE_TOKENS;
    } else part.reject('type', `Invalid value: '${type}'.`);
  }
  for (const text of texts) tokens += countTokens(text);
  return { text: texts.join('\n'), tokens };
}

function readTools(fields: FieldReader): { offered: OfferedTool[]; tokens: number } {
  const tools = fields.list('tools');
  const offered = tools.map((tool) => {
    const described = tool.object('function');
    if (!described) tool.reject('function', 'Only tools of the type function are known here.');
    return {
      name: described?.text('name') ?? '',
      parameters: (described?.raw('parameters') ?? {}) as JsonSchema,
    };
  });
  return { offered, tokens: tools.length === 0 ? 0 : countTokens(JSON.stringify(fields.raw('tools'))) };
}

function readToolChoice(fields: FieldReader, offered: readonly OfferedTool[]): ToolChoice {
  const choice = fields.raw('tool_choice');
  if (choice === undefined || choice === 'auto') return 'auto';
  if (offered.length === 0 && choice !== 'none') {
    fields.reject('tool_choice', "'tool_choice' is only allowed when 'tools' are specified.");
  }
  if (choice === 'none' || choice === 'required') return choice;
  const name = fields.object('tool_choice')?.object('function')?.text('name');
  if (name === undefined || offered.some((tool) => tool.name === name))
    return name === undefined ? 'required' : { name };
  fields.reject('tool_choice', `Tool choice '${name}' not found in 'tools' parameter.`);
  return 'auto';
}

function readAnswerSchema(fields: FieldReader): JsonSchema | 'any' | undefined {
  const format = fields.object('response_format');
  const type = format?.text('type');
  if (type === undefined || type === 'text') return undefined;
  if (type === 'json_object') return 'any';
  const described = format?.object('json_schema');
  described?.text('name');
  if (type !== 'json_schema' || !described) {
    fields.reject('response_format', `Invalid value for 'response_format': '${type}'.`);
    return undefined;
  }
  return (described.raw('schema') ?? true) as JsonSchema;
}
