import {
  anyObject,
  arrayOf,
  boolean,
  by,
  either,
  integer,
  isArray,
  isString,
  nonEmptyString,
  number,
  object,
  oneOf,
  string,
  type Check,
} from '../json/check.js';

const source = by(
  'type',
  {
    base64: object({ media_type: string, data: string }, ['media_type', 'data']),
    text: object({ media_type: string, data: string }, ['media_type', 'data']),
    url: object({ url: nonEmptyString }, ['url']),
    file: object({ file_id: nonEmptyString }, ['file_id']),
    content: object({}, ['content']),
  },
  anyObject,
);

const text = object({ text: string, cache_control: object({ type: string, ttl: string }, ['type']) }, [
  'text',
]);

const plainBlocks: Readonly<Record<string, Check>> = {
  text,
  image: object({ source }, ['source']),
  document: object({ source, title: string, context: string }, ['source']),
};

const toolResult = object(
  {
    tool_use_id: nonEmptyString,
    is_error: boolean,
    content: either(
      'a string or an array',
      [isString, string],
      [isArray, arrayOf(by('type', plainBlocks, anyObject))],
    ),
  },
  ['tool_use_id'],
);

/** A block of a type not listed passes: the vendor adds them often. */
const block = by(
  'type',
  {
    ...plainBlocks,
    thinking: object({ thinking: string, signature: string }, ['thinking']),
    redacted_thinking: object({ data: string }, ['data']),
    tool_use: object({ id: nonEmptyString, name: nonEmptyString, input: anyObject }, ['id', 'name', 'input']),
    tool_result: toolResult,
  },
  anyObject,
);

const message = object(
  {
    role: oneOf('user', 'assistant', 'system'),
    content: either('a string or an array', [isString, string], [isArray, arrayOf(block)]),
  },
  ['role', 'content'],
);

const countedFields: Readonly<Record<string, Check>> = {
  model: nonEmptyString,
  messages: arrayOf(message, 1),
  system: either('a string or an array', [isString, string], [isArray, arrayOf(by('type', { text }))]),
  tools: arrayOf(
    object(
      { type: string, name: nonEmptyString, description: string, input_schema: anyObject, strict: boolean },
      ['name'],
    ),
  ),
  tool_choice: by('type', {
    auto: object({ disable_parallel_tool_use: boolean }),
    any: object({ disable_parallel_tool_use: boolean }),
    tool: object({ name: nonEmptyString, disable_parallel_tool_use: boolean }, ['name']),
    none: anyObject,
  }),
  thinking: by('type', { enabled: object({ budget_tokens: integer(1) }, ['budget_tokens']) }, anyObject),
  output_config: object({
    effort: string,
    format: by('type', { json_schema: object({ schema: anyObject }, ['schema']) }),
  }),
};

/** What a messages body must be. Fields not known here pass. */
export const checkMessagesRequest: Check = object(
  {
    ...countedFields,
    max_tokens: integer(0),
    stream: boolean,
    stop_sequences: arrayOf(string),
    temperature: number(0, 1),
    top_k: integer(0),
    top_p: number(0, 1),
    metadata: object({ user_id: string }),
    service_tier: string,
  },
  ['model', 'messages', 'max_tokens'],
);

/** What a body of `count_tokens` must be. */
export const checkCountTokensRequest: Check = object(countedFields, ['model', 'messages']);
