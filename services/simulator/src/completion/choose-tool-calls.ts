import type { Random } from '@penstock/resilience';

import type { PlannedToolCall } from './completion-plan.js';
import type { CompletionRequest, OfferedTool } from './completion-request.js';
import type { OrderedCall } from './directives.js';
import { fitSchema } from './fit-schema.js';

/**
 * Which tools the answer calls. Those that the prompt orders and the request offers; else the one that `toolChoice`
 * forces; else none. After a tool's result nothing is called unless forced, so that an agent's loop comes to an end.
 */
export function chooseToolCalls(
  request: CompletionRequest,
  ordered: readonly OrderedCall[],
  random: Random,
): PlannedToolCall[] {
  const { tools, toolChoice } = request;
  if (tools.length === 0 || toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') {
    const forced = ordered.find((call) => call.name === toolChoice.name);
    return [callOf(toolChoice.name, forced?.input, tools, random)];
  }
  if (toolChoice === 'auto' && request.answersTool) return [];
  const offered = ordered.filter((call) => tools.some((tool) => tool.name === call.name));
  const chosen = offered.length > 0 ? offered : toolChoice === 'required' ? firstTool(tools) : [];
  const calls = chosen.map((call) => callOf(call.name, call.input, tools, random));
  return request.parallelToolCalls ? calls : calls.slice(0, 1);
}

function firstTool(tools: readonly OfferedTool[]): OrderedCall[] {
  return tools.slice(0, 1).map((tool) => ({ name: tool.name, input: undefined }));
}

function callOf(
  name: string,
  input: string | undefined,
  tools: readonly OfferedTool[],
  random: Random,
): PlannedToolCall {
  const parameters = tools.find((tool) => tool.name === name)?.parameters ?? {};
  return { name, input: input ?? JSON.stringify(fitSchema(withType(parameters), random)) };
}

/** A tool without parameters still takes an object. */
function withType(parameters: OfferedTool['parameters']): OfferedTool['parameters'] {
  return typeof parameters === 'object' && parameters['type'] === undefined
    ? { ...parameters, type: 'object' }
    : parameters;
}
