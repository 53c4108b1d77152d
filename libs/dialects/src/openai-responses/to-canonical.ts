import type {
  CanonicalCall,
  CanonicalResponseFormat,
  CanonicalTool,
  CanonicalToolChoice,
} from '@penstock/contracts';
import { functionTool } from '../canonical/function-tool.js';
import { present } from '../canonical/present.js';
import { reasoningEffort } from '../canonical/reasoning-effort.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { stringMetadata } from '../canonical/string-metadata.js';
import { inputToCanonical } from './input-to-canonical.js';
import type { ResponsesRequest, ResponsesTool, TextFormat } from './request.js';

/** Fields with a place in the canonical call, or acted on before a provider is chosen. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'stream_options',
  'background',
  'previous_response_id',
  'conversation',
  'prompt',
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_logprobs',
  'include',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'metadata',
  'user',
  'safety_identifier',
  'store',
  'service_tier',
]);

const LOGPROBS = 'message.output_text.logprobs';

/** What a client may ask to have included that an answer between dialects can hold. */
const KNOWN_INCLUDES: ReadonlySet<string> = new Set(['reasoning.encrypted_content', LOGPROBS]);

export function responsesToCanonical(request: ResponsesRequest, shortfalls: Shortfalls): CanonicalCall {
  shortfalls.dropUnknown(request, KNOWN);
  refuseState(request, shortfalls);
  if (request.truncation === 'auto') shortfalls.drop('truncation');
  if (request.text?.verbosity) shortfalls.drop('text.verbosity');
  if (request.user && request.safety_identifier) shortfalls.drop('safety_identifier');
  for (const [index, name] of (request.include ?? []).entries()) {
    if (!KNOWN_INCLUDES.has(name)) shortfalls.drop(`include[${index}]`);
  }
  const effort = request.reasoning?.effort;
  const reasoning = effort ? reasoningEffort(effort) : undefined;
  if (effort && reasoning === undefined) shortfalls.drop('reasoning.effort');

  return present({
    prompt: [
      ...(request.instructions ? [{ role: 'system' as const, content: request.instructions }] : []),
      ...inputToCanonical(request.input, shortfalls),
    ],
    maxOutputTokens: request.max_output_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    responseFormat: request.text?.format && responseFormat(request.text.format),
    tools: request.tools && tools(request.tools, shortfalls),
    toolChoice: request.tool_choice ? toolChoice(request.tool_choice, shortfalls) : undefined,
    reasoning,
    parallelToolCalls: request.parallel_tool_calls,
    topLogprobs: request.include?.includes(LOGPROBS) ? (request.top_logprobs ?? 0) : request.top_logprobs,
    user: request.user ?? request.safety_identifier,
    metadata: request.metadata && stringMetadata(request.metadata),
  });
}

/** A part of the prompt that lies with the vendor cannot be left out of the question. */
function refuseState(request: ResponsesRequest, shortfalls: Shortfalls): void {
  for (const field of ['previous_response_id', 'conversation', 'prompt'] as const) {
    if (request[field]) shortfalls.refuse(field, 'names what only its own API keeps: send the whole input');
  }
}

function tools(list: readonly ResponsesTool[], shortfalls: Shortfalls): readonly CanonicalTool[] {
  return list.flatMap((tool, index) => {
    if (tool.type !== 'function') {
      shortfalls.drop(`tools[${index}]`);
      return [];
    }
    return [functionTool(tool)];
  });
}

function toolChoice(
  choice: NonNullable<ResponsesRequest['tool_choice']>,
  shortfalls: Shortfalls,
): CanonicalToolChoice | undefined {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return { type: choice };
  if (typeof choice === 'object' && choice['type'] === 'function' && typeof choice['name'] === 'string') {
    return { type: 'tool', toolName: choice['name'] };
  }
  shortfalls.drop('tool_choice');
  return undefined;
}

function responseFormat(format: TextFormat): CanonicalResponseFormat {
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const { name, description, schema, strict } = format;
      return present({ type: 'json' as const, schema, name, description, strict });
    }
  }
}
