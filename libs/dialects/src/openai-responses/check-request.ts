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

const withText = object({ text: string }, ['text']);

/** A part of a type not listed passes here, as do items and tools: the vendor adds them often. */
const part = by(
  'type',
  {
    input_text: withText,
    output_text: withText,
    refusal: object({ refusal: string }, ['refusal']),
    input_image: object({ image_url: string, file_id: string, detail: string }),
    input_file: object({ file_data: string, file_url: string, file_id: string, filename: string }),
  },
  anyObject,
);

const content = either('a string or an array', [isString, string], [isArray, arrayOf(part)]);

const message = object({ role: oneOf('user', 'assistant', 'system', 'developer'), content }, [
  'role',
  'content',
]);

const typedItem = by(
  'type',
  {
    message,
    function_call: object({ call_id: string, name: nonEmptyString, arguments: string }, [
      'call_id',
      'name',
      'arguments',
    ]),
    function_call_output: object({ call_id: string, output: content }, ['call_id', 'output']),
    reasoning: object({
      summary: arrayOf(withText),
      content: arrayOf(withText),
      encrypted_content: string,
    }),
  },
  anyObject,
);

/** Only a message may leave out what it is. */
const item: Check = (value) => (isObject(value) && value['type'] === undefined ? message : typedItem)(value);

const format = by('type', {
  text: anyObject,
  json_object: anyObject,
  json_schema: object({ name: nonEmptyString, schema: anyObject, description: string, strict: boolean }, [
    'name',
    'schema',
  ]),
});

const tool = by(
  'type',
  {
    function: object({ name: nonEmptyString, description: string, parameters: anyObject, strict: boolean }, [
      'name',
    ]),
  },
  anyObject,
);

/** What a body of the Responses API must be. Fields not known here pass. */
export const checkResponsesRequest: Check = object(
  {
    model: nonEmptyString,
    input: either('a string or an array', [isString, string], [isArray, arrayOf(item, 1)]),
    instructions: string,
    stream: boolean,
    background: boolean,
    previous_response_id: string,
    max_output_tokens: integer(1),
    max_tool_calls: integer(1),
    temperature: number(0, 2),
    top_p: number(0, 1),
    top_logprobs: integer(0, 20),
    include: arrayOf(string),
    tools: arrayOf(tool),
    tool_choice: either(
      'a string or an object',
      [isString, oneOf('none', 'auto', 'required')],
      [isObject, object({ type: string }, ['type'])],
    ),
    parallel_tool_calls: boolean,
    reasoning: object({ effort: string, summary: string }),
    text: object({ format, verbosity: string }),
    truncation: oneOf('auto', 'disabled'),
    metadata: anyObject,
    user: string,
    safety_identifier: string,
    store: boolean,
    service_tier: string,
  },
  ['model', 'input'],
);
