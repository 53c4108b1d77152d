import type {
  CompletionRequest,
  JsonSchema,
  OfferedTool,
  ToolChoice,
} from '../../completion/completion-request.js';
import { countTokens } from '../../completion/count-tokens.js';
import type { Reading } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { readParts } from './read-parts.js';
import { plainSchema } from './plain-schema.js';

/** What of a request only the rendering needs. */
export interface GeminiOptions {
  /** Whether the thoughts are shown, and not only counted. */
  readonly showThoughts: boolean;
}

export interface GeminiRequest {
  readonly completion: CompletionRequest;
  readonly options: GeminiOptions;
}

/** Reads the body of a call; the model is in its path. */
export function readGeminiRequest(body: unknown, model: string): Reading<GeminiRequest> {
  const fields = FieldReader.of(body);
  const config = fields.object('generationConfig');
  const thinking = config?.object('thinkingConfig');
  const tools = readTools(fields);
  const { prompt, tokens, answersTool } = readContents(fields);
  config?.number('temperature', 0, 2);
  config?.number('topP', 0, 1);
  const completion: CompletionRequest = {
    model,
    inputTokens: tokens,
    prompt,
    answersTool,
    choices: config?.whole('candidateCount', 1, 8) ?? 1,
    maxOutputTokens: config?.whole('maxOutputTokens', 1),
    stop: config?.texts('stopSequences', 5) ?? [],
    seed: config?.whole('seed', -(2 ** 31), 2 ** 31),
    tools,
    toolChoice: readToolChoice(fields, tools),
    parallelToolCalls: true,
    answerSchema: config && readAnswerSchema(config),
    reasoning: thinking !== undefined && thinking.raw('thinkingBudget') !== 0,
  };
  return fields.outcome({
    completion,
    options: { showThoughts: thinking?.flag('includeThoughts') ?? false },
  });
}

/** Reads the body of `countTokens`: contents, or a whole request. */
export function readGeminiTokens(body: unknown): Reading<number> {
  const fields = FieldReader.of(body);
  const inner = fields.object('generateContentRequest') ?? fields;
  return fields.outcome(readContents(inner).tokens);
}

/** All that the model would read: instruction, contents and tools. */
function readContents(fields: FieldReader): { prompt: string; tokens: number; answersTool: boolean } {
  const contents = fields.list('contents');
  if (contents.length === 0) fields.reject('contents', 'contents is not specified');
  const instruction = fields.object('systemInstruction');
  let tokens = instruction ? readParts(instruction).tokens : 0;
  if (fields.has('tools')) tokens += countTokens(JSON.stringify(fields.raw('tools')));
  let prompt = '';
  let answersTool = false;
  for (const content of contents) {
    const role = content.optionalText('role') ?? 'user';
    if (role !== 'user' && role !== 'model' && role !== 'function') {
      content.reject('role', 'Please use a valid role: user, model.');
    }
    const parts = readParts(content);
    tokens += parts.tokens;
    answersTool = parts.answersTool;
    if (role === 'user' && !parts.answersTool) prompt = parts.text;
  }
  return { prompt, tokens, answersTool };
}

function readTools(fields: FieldReader): OfferedTool[] {
  return fields.list('tools').flatMap((tool) =>
    tool.list('functionDeclarations').map((declared) => ({
      name: declared.text('name'),
      parameters: plainSchema(
        declared.raw('parametersJsonSchema') ?? declared.raw('parameters') ?? {},
      ) as JsonSchema,
    })),
  );
}

function readToolChoice(fields: FieldReader, tools: readonly OfferedTool[]): ToolChoice {
  const config = fields.object('toolConfig')?.object('functionCallingConfig');
  const mode = config?.optionalText('mode') ?? 'AUTO';
  if (mode === 'NONE') return 'none';
  if (mode !== 'ANY') return 'auto';
  const [only, ...others] = config?.texts('allowedFunctionNames', 128) ?? [];
  if (only === undefined || others.length > 0) return 'required';
  if (!tools.some((tool) => tool.name === only)) {
    config?.reject('allowedFunctionNames', `allowed_function_names: '${only}' is not declared`);
  }
  return { name: only };
}

function readAnswerSchema(config: FieldReader): JsonSchema | 'any' | undefined {
  if (config.optionalText('responseMimeType') !== 'application/json') return undefined;
  const schema = config.raw('responseJsonSchema') ?? config.raw('responseSchema');
  return schema === undefined ? 'any' : (plainSchema(schema) as JsonSchema);
}
