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
import { messagesToCanonical } from './messages-to-canonical.js';
import type { ChatRequest, ChatResponseFormat, ChatTool, ChatToolChoice } from './request.js';

/** Fields with a place in the canonical call, or acted on before a provider is chosen. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'temperature',
  'top_p',
  'top_k',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'logprobs',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'modalities',
  'metadata',
  'user',
  'safety_identifier',
  'store',
  'service_tier',
]);

export function chatToCanonical(request: ChatRequest, shortfalls: Shortfalls): CanonicalCall {
  shortfalls.dropUnknown(request, KNOWN);
  if ((request.n ?? 1) > 1) shortfalls.drop('n');
  if (request.store) shortfalls.drop('store');
  if (request.modalities?.some((modality) => modality !== 'text')) shortfalls.drop('modalities');
  if (request.user && request.safety_identifier) shortfalls.drop('safety_identifier');
  const reasoning = request.reasoning_effort ? reasoningEffort(request.reasoning_effort) : undefined;
  if (request.reasoning_effort && reasoning === undefined) shortfalls.drop('reasoning_effort');

  return present({
    prompt: messagesToCanonical(request.messages, shortfalls),
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    stopSequences: typeof request.stop === 'string' ? [request.stop] : request.stop,
    topP: request.top_p,
    topK: typeof request.top_k === 'number' ? request.top_k : undefined,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    responseFormat: request.response_format && responseFormat(request.response_format, shortfalls),
    seed: request.seed,
    tools: request.tools && tools(request.tools, shortfalls),
    toolChoice: request.tool_choice && toolChoice(request.tool_choice, shortfalls),
    reasoning,
    parallelToolCalls: request.parallel_tool_calls,
    topLogprobs: request.logprobs ? (request.top_logprobs ?? 0) : undefined,
    user: request.user ?? request.safety_identifier,
    metadata: request.metadata && stringMetadata(request.metadata),
  });
}

function tools(list: readonly ChatTool[], shortfalls: Shortfalls): readonly CanonicalTool[] {
  return list.flatMap((tool, index) => {
    if (tool.type !== 'function') {
      shortfalls.drop(`tools[${index}]`);
      return [];
    }
    return [functionTool(tool.function)];
  });
}

function toolChoice(choice: ChatToolChoice, shortfalls: Shortfalls): CanonicalToolChoice | undefined {
  if (typeof choice === 'string') return { type: choice };
  const name = choice.type === 'function' ? choice.function?.name : undefined;
  if (typeof name === 'string') return { type: 'tool', toolName: name };
  shortfalls.drop('tool_choice');
  return undefined;
}

function responseFormat(
  format: ChatResponseFormat,
  shortfalls: Shortfalls,
): CanonicalResponseFormat | undefined {
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const { name, description, schema, strict } = format.json_schema;
      return present({ type: 'json' as const, schema, name, description, strict });
    }
    default:
      shortfalls.drop('response_format');
      return undefined;
  }
}
