import type {
  CompletionRequest,
  JsonSchema,
  OfferedTool,
  ToolChoice,
} from '../../completion/completion-request.js';
import { countTokens } from '../../completion/count-tokens.js';
import type { Reading } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { readInput } from './read-input.js';

/** What of a request only the rendering needs: most of it is told back in the response. */
export interface ResponsesOptions {
  readonly stream: boolean;
  /** The fields that the response repeats, with OpenAI's defaults where the request left them out. */
  readonly echo: Readonly<Record<string, unknown>>;
}

export interface ResponsesRequest {
  readonly completion: CompletionRequest;
  readonly options: ResponsesOptions;
}

export function readResponsesRequest(body: unknown): Reading<ResponsesRequest> {
  const fields = FieldReader.of(body);
  const model = fields.text('model');
  const input = readInput(fields);
  const instructions = fields.optionalText('instructions') ?? '';
  const tools = readTools(fields);
  fields.number('temperature', 0, 2);
  fields.number('top_p', 0, 1);
  const effort = fields.object('reasoning')?.optionalText('effort') ?? 'none';
  const toolTokens = fields.has('tools') ? countTokens(JSON.stringify(fields.raw('tools'))) : 0;
  const completion: CompletionRequest = {
    model,
    inputTokens: input.tokens + countTokens(instructions) + toolTokens,
    prompt: input.prompt,
    answersTool: input.answersTool,
    choices: 1,
    maxOutputTokens: fields.whole('max_output_tokens', 1),
    stop: [],
    seed: undefined,
    tools,
    toolChoice: readToolChoice(fields, tools),
    parallelToolCalls: fields.raw('parallel_tool_calls') !== false,
    answerSchema: readAnswerSchema(fields),
    reasoning: effort !== 'none',
  };
  return fields.outcome({ completion, options: { stream: fields.flag('stream'), echo: echoOf(fields) } });
}

/** OpenAI's own tools (web search and so on) are taken and never called. */
function readTools(fields: FieldReader): OfferedTool[] {
  return fields
    .list('tools')
    .filter((tool) => tool.text('type') === 'function')
    .map((tool) => ({
      name: tool.text('name'),
      parameters: tool.object('parameters')?.value ?? {},
    }));
}

function readToolChoice(fields: FieldReader, tools: readonly OfferedTool[]): ToolChoice {
  const choice = fields.raw('tool_choice');
  if (choice === undefined || choice === 'auto') return 'auto';
  if (choice === 'none' || choice === 'required') return choice;
  const named = fields.object('tool_choice');
  if (named?.text('type') !== 'function') return 'auto';
  const name = named.text('name');
  if (!tools.some((tool) => tool.name === name)) {
    fields.reject('tool_choice', `Tool choice '${name}' not found in 'tools' parameter.`);
  }
  return { name };
}

function readAnswerSchema(fields: FieldReader): JsonSchema | 'any' | undefined {
  const format = fields.object('text')?.object('format');
  const type = format?.text('type') ?? 'text';
  if (!format || type === 'text') return undefined;
  if (type === 'json_object') return 'any';
  if (type === 'json_schema') return format.object('schema')?.value ?? true;
  format.reject(
    'type',
    `Invalid value: '${type}'. Supported values are: 'text', 'json_object', 'json_schema'.`,
  );
  return undefined;
}

function echoOf(fields: FieldReader): Readonly<Record<string, unknown>> {
  const echoed = (name: string, byDefault: unknown) => fields.raw(name) ?? byDefault;
  const text = fields.object('text')?.value ?? {};
  const reasoning = fields.object('reasoning')?.value ?? {};
  return {
    instructions: echoed('instructions', null),
    max_output_tokens: echoed('max_output_tokens', null),
    max_tool_calls: echoed('max_tool_calls', null),
    metadata: echoed('metadata', {}),
    parallel_tool_calls: echoed('parallel_tool_calls', true),
    previous_response_id: echoed('previous_response_id', null),
    reasoning: { effort: null, summary: null, ...reasoning },
    service_tier: 'default',
    temperature: echoed('temperature', 1),
    text: { format: { type: 'text' }, verbosity: 'medium', ...text },
    tool_choice: echoed('tool_choice', 'auto'),
    tools: echoed('tools', []),
    top_logprobs: echoed('top_logprobs', 0),
    top_p: echoed('top_p', 1),
    truncation: echoed('truncation', 'disabled'),
    ...(fields.has('user') && { user: fields.raw('user') }),
  };
}
