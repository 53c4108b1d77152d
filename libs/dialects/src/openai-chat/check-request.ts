import {
  anyObject,
  arrayOf,
  boolean,
  by,
  either,
  integer,
  isArray,
  isObject,
  isString,
  nonEmptyString,
  number,
  object,
  oneOf,
  string,
  type Check,
} from '../json/check.js';

/** A part of a type not listed passes: servers that speak this dialect add their own. */
const part = by(
  'type',
  {
    text: object({ text: string }, ['text']),
    refusal: object({ refusal: string }, ['refusal']),
    image_url: object({ image_url: object({ url: nonEmptyString, detail: string }, ['url']) }, ['image_url']),
    input_audio: object({ input_audio: object({ data: string, format: string }, ['data', 'format']) }, [
      'input_audio',
    ]),
    file: object({ file: object({ file_data: string, file_id: string, filename: string }) }, ['file']),
  },
  anyObject,
);

const content = either('a string or an array', [isString, string], [isArray, arrayOf(part)]);

const toolCall = by(
  'type',
  {
    function: object(
      { id: string, function: object({ name: nonEmptyString, arguments: string }, ['name', 'arguments']) },
      ['id', 'function'],
    ),
  },
  anyObject,
);

const message = by('role', {
  developer: object({ content, name: string }, ['content']),
  system: object({ content, name: string }, ['content']),
  user: object({ content, name: string }, ['content']),
  assistant: object({ content, name: string, tool_calls: arrayOf(toolCall), function_call: anyObject }),
  tool: object({ content, tool_call_id: string }, ['content', 'tool_call_id']),
  function: object({ content, name: string }, ['name']),
});

const tool = by(
  'type',
  {
    function: object(
      {
        function: object(
          { name: nonEmptyString, description: string, parameters: anyObject, strict: boolean },
          ['name'],
        ),
      },
      ['function'],
    ),
  },
  anyObject,
);

const responseFormat = by('type', {
  text: anyObject,
  json_object: anyObject,
  json_schema: object(
    { json_schema: object({ name: nonEmptyString, schema: anyObject, strict: boolean }, ['name']) },
    ['json_schema'],
  ),
  grammar: anyObject,
  python: anyObject,
});

/** Sampling and streaming fields that chat and text completions share. */
export const samplingFields: Readonly<Record<string, Check>> = {
  model: nonEmptyString,
  stream: boolean,
  stream_options: object({ include_usage: boolean, include_obfuscation: boolean }),
  max_tokens: integer(1),
  temperature: number(0, 2),
  top_p: number(0, 1),
  n: integer(1, 128),
  presence_penalty: number(-2, 2),
  frequency_penalty: number(-2, 2),
  seed: integer(),
  stop: either('a string or an array', [isString, string], [isArray, arrayOf(string)]),
  logit_bias: anyObject,
  user: string,
};

const fields = object(
  {
    ...samplingFields,
    messages: arrayOf(message, 1),
    max_completion_tokens: integer(1),
    logprobs: boolean,
    top_logprobs: integer(0, 20),
    tools: arrayOf(tool),
    tool_choice: either(
      'a string or an object',
      [isString, oneOf('none', 'auto', 'required')],
      [isObject, object({ type: string }, ['type'])],
    ),
    parallel_tool_calls: boolean,
    functions: arrayOf(anyObject),
    response_format: responseFormat,
    reasoning_effort: string,
    verbosity: string,
    modalities: arrayOf(string),
    audio: anyObject,
    prediction: anyObject,
    metadata: anyObject,
    service_tier: string,
    store: boolean,
    safety_identifier: string,
    prompt_cache_key: string,
    web_search_options: anyObject,
  },
  ['model', 'messages'],
);

/** What a chat completions body must be. Fields not known here pass. */
export const checkChatRequest: Check = (value) => fields(value) ?? streamOptionsNeedStream(value);

/** The vendor refuses stream options on an answer that is not streamed, and so do the servers that follow it. */
export const streamOptionsNeedStream: Check = (value) =>
  isObject(value) && value['stream'] !== true && isObject(value['stream_options'])
    ? { path: 'stream_options', kind: 'value', detail: "only allowed when 'stream' is true" }
    : undefined;
