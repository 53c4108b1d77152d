import type {
  CanonicalCall,
  CanonicalMessage,
  CanonicalResponseFormat,
  CanonicalTool,
  CanonicalToolChoice,
  ReasoningEffort,
} from '@penstock/contracts';
import { cacheControlOptions } from '../canonical/cache-control.js';
import { present } from '../canonical/present.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import { reasoningEffort } from '../canonical/reasoning-effort.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { messagesToCanonical } from './messages-to-canonical.js';
import type { AnthropicTool, AnthropicToolChoice, MessagesRequest, OutputConfig } from './request.js';

/** Fields with a place in the canonical call, or acted on before a provider is chosen. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'stop_sequences',
  'temperature',
  'top_k',
  'top_p',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'metadata',
  'service_tier',
]);

export function anthropicToCanonical(request: MessagesRequest, shortfalls: Shortfalls): CanonicalCall {
  shortfalls.dropUnknown(request, KNOWN);
  const { tool_choice: choice, thinking } = request;
  const oneToolOnly = choice && 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use;
  return present({
    prompt: [...systemMessages(request), ...messagesToCanonical(request.messages, shortfalls)],
    maxOutputTokens: request.max_tokens,
    temperature: request.temperature,
    stopSequences: request.stop_sequences,
    topP: request.top_p,
    topK: request.top_k,
    responseFormat: responseFormat(request.output_config),
    tools: request.tools && tools(request.tools, shortfalls),
    toolChoice: choice && toolChoice(choice),
    reasoning: effort(request, shortfalls),
    reasoningBudgetTokens: thinking?.type === 'enabled' ? thinking.budget_tokens : undefined,
    parallelToolCalls: oneToolOnly ? false : undefined,
    user: request.metadata?.user_id,
  });
}

/** One message a block, because each may be marked for the cache. */
function systemMessages({ system }: MessagesRequest): readonly CanonicalMessage[] {
  if (!system) return [];
  if (typeof system === 'string') return [{ role: 'system', content: system }];
  return system.map((block) => ({
    role: 'system',
    content: block.text,
    ...withProviderOptions(cacheControlOptions(block)),
  }));
}

function tools(list: readonly AnthropicTool[], shortfalls: Shortfalls): readonly CanonicalTool[] {
  return list.flatMap((tool, index) => {
    const { name, description, strict, input_schema: inputSchema } = tool;
    // A tool of the vendor's own: only its models know what it takes.
    if ((tool.type ?? 'custom') !== 'custom' || inputSchema === undefined) {
      shortfalls.drop(`tools[${index}]`);
      return [];
    }
    return [
      {
        ...present({ type: 'function' as const, name, description, inputSchema, strict }),
        ...withProviderOptions(cacheControlOptions(tool)),
      },
    ];
  });
}

function toolChoice(choice: AnthropicToolChoice): CanonicalToolChoice {
  switch (choice.type) {
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'tool', toolName: choice.name };
    case 'auto':
    case 'none':
      return { type: choice.type };
  }
}

function responseFormat(output: OutputConfig | null | undefined): CanonicalResponseFormat | undefined {
  return output?.format ? { type: 'json', schema: output.format.schema, strict: true } : undefined;
}

/** The effort the client named; else what its kind of thinking amounts to. */
function effort(request: MessagesRequest, shortfalls: Shortfalls): ReasoningEffort | undefined {
  const { thinking, output_config: output } = request;
  const named = output?.effort ? reasoningEffort(output.effort) : undefined;
  if (output?.effort && named === undefined) shortfalls.drop('output_config.effort');
  switch (thinking?.type) {
    case undefined:
      return named;
    case 'disabled':
      return 'none';
    case 'enabled':
      return named;
    case 'adaptive':
      // The vendor's default effort.
      return named ?? 'high';
    default:
      shortfalls.drop('thinking');
      return named;
  }
}
