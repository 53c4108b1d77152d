import type {
  CompletionRequest,
  JsonSchema,
  OfferedTool,
  ToolChoice,
} from '../../completion/completion-request.js';
import { countTokens } from '../../completion/count-tokens.js';
import type { Reading } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { readBlocks } from './read-blocks.js';

export interface MessagesRequest {
  readonly completion: CompletionRequest;
  readonly stream: boolean;
}

/** Reads the body of a call; `max_tokens` is required, as Anthropic has it. */
export function readMessagesRequest(body: unknown): Reading<MessagesRequest> {
  const fields = FieldReader.of(body);
  if (!fields.has('max_tokens')) fields.reject('max_tokens', 'max_tokens: Field required');
  fields.number('temperature', 0, 1);
  fields.number('top_p', 0, 1);
  const tools = readTools(fields);
  const toolChoice = fields.object('tool_choice');
  const { prompt, tokens, answersTool } = readMessages(fields);
  const completion: CompletionRequest = {
    model: fields.text('model'),
    inputTokens: tokens,
    prompt,
    answersTool,
    choices: 1,
    maxOutputTokens: fields.whole('max_tokens', 1),
    stop: fields.texts('stop_sequences', 8192),
    seed: undefined,
    tools,
    toolChoice: readToolChoice(toolChoice, tools),
    parallelToolCalls: toolChoice?.raw('disable_parallel_tool_use') !== true,
    answerSchema: readAnswerSchema(fields),
    reasoning: readThinking(fields),
  };
  return fields.outcome({ completion, stream: fields.flag('stream') });
}

/** Reads the body of `count_tokens`, which needs no bound on the answer. */
export function readInputTokens(body: unknown): Reading<number> {
  const fields = FieldReader.of(body);
  fields.text('model');
  return fields.outcome(readMessages(fields).tokens);
}

/** All that the model would read: system, messages and tools. */
function readMessages(fields: FieldReader): { prompt: string; tokens: number; answersTool: boolean } {
  const messages = fields.list('messages');
  if (messages.length === 0) fields.reject('messages', 'messages: at least one message is required');
  let tokens = readBlocks(fields, 'system').tokens;
  if (fields.has('tools')) tokens += countTokens(JSON.stringify(fields.raw('tools')));
  let prompt = '';
  let answersTool = false;
  for (const message of messages) {
    const role = message.text('role');
    if (role !== 'user' && role !== 'assistant')
      message.reject('role', `role: '${role}' is not 'user' or 'assistant'`);
    const content = readBlocks(message, 'content');
    tokens += content.tokens;
    answersTool = content.hasToolResult;
    if (role === 'user' && !content.hasToolResult) prompt = content.text;
  }
  return { prompt, tokens, answersTool };
}

/** Tools of Anthropic's own, which have a type and no schema, are taken and never called. */
function readTools(fields: FieldReader): OfferedTool[] {
  return fields
    .list('tools')
    .filter((tool) => tool.has('input_schema') || !tool.has('type'))
    .map((tool) => ({
      name: tool.text('name'),
      parameters: tool.object('input_schema')?.value ?? {},
    }));
}

function readToolChoice(choice: FieldReader | undefined, tools: readonly OfferedTool[]): ToolChoice {
  const type = choice?.text('type');
  if (!choice || type === 'auto') return 'auto';
  if (type === 'none') return 'none';
  if (type === 'any') return 'required';
  if (type !== 'tool') choice.reject('type', `tool_choice: '${type ?? ''}' is not known`);
  const name = choice.text('name');
  if (!tools.some((tool) => tool.name === name))
    choice.reject('name', `Tool '${name}' not found in provided tools`);
  return { name };
}

function readAnswerSchema(fields: FieldReader): JsonSchema | undefined {
  const format = fields.object('output_config')?.object('format') ?? fields.object('output_format');
  return format?.raw('type') === 'json_schema' ? (format.raw('schema') as JsonSchema) : undefined;
}

function readThinking(fields: FieldReader): boolean {
  const thinking = fields.object('thinking');
  const type = thinking?.text('type');
  if (type === 'enabled' && thinking) {
    const most = (fields.whole('max_tokens', 1) ?? Infinity) - 1;
    if (!thinking.has('budget_tokens'))
      thinking.reject('budget_tokens', 'thinking.budget_tokens: Field required');
    thinking.whole('budget_tokens', 1024, most);
  }
  return type === 'enabled' || type === 'adaptive';
}
