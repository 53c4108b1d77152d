import type { CompletionRequest } from '../../completion/completion-request.js';
import type { Reading } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { readTextInputs } from '../openai-input.js';

const MOST_PROMPTS = 128;

/** OpenAI's own default for this API. */
const DEFAULT_MAX_TOKENS = 16;

/** What of a request only the rendering needs. */
export interface CompletionsOptions {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The prompt of each choice, when it is to stand before the answer; else none. */
  readonly echoes: readonly string[];
}

export interface CompletionsRequest {
  /** One for each prompt. */
  readonly requests: readonly CompletionRequest[];
  readonly options: CompletionsOptions;
}

export function readCompletionsRequest(body: unknown): Reading<CompletionsRequest> {
  const fields = FieldReader.of(body);
  const model = fields.text('model');
  const stream = fields.flag('stream');
  const choices = fields.whole('n', 1, 128) ?? 1;
  const maxOutputTokens = fields.whole('max_tokens', 0) ?? DEFAULT_MAX_TOKENS;
  const stop = fields.texts('stop', 4);
  const seed = fields.whole('seed', -(2 ** 63), 2 ** 63);
  const echo = fields.flag('echo');
  fields.number('temperature', 0, 2);
  const inputs = readTextInputs(fields, 'prompt', MOST_PROMPTS);
  const requests = inputs.map(({ text, tokens }): CompletionRequest => ({
    model,
    inputTokens: tokens,
    prompt: text,
    answersTool: false,
    choices,
    maxOutputTokens,
    stop,
    seed,
    tools: [],
    toolChoice: 'none',
    parallelToolCalls: false,
    answerSchema: undefined,
    reasoning: false,
  }));
  const options: CompletionsOptions = {
    model,
    stream,
    includeUsage: fields.object('stream_options')?.flag('include_usage') ?? false,
    echoes: echo ? inputs.flatMap(({ text }) => Array<string>(choices).fill(text)) : [],
  };
  return fields.outcome({ requests, options });
}
