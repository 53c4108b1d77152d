import { seededRandom, type Random } from '@penstock/resilience';

import { sample } from '../latency/distribution.js';
import type { OutputSettings } from '../models/simulated-model.js';
import { chooseToolCalls } from './choose-tool-calls.js';
import type { CompletionPlan, PlannedChoice, PlannedToolCall } from './completion-plan.js';
import type { CompletionRequest } from './completion-request.js';
import { passage } from './corpus.js';
import { countTokens, firstTokens, TOKEN_LENGTH } from './count-tokens.js';
import type { Directives } from './directives.js';
import { fitSchema } from './fit-schema.js';
import { hash32 } from './hash.js';

const REFUSAL = 'I am sorry, but I cannot help with that.';

/** How long a model thinks that is asked to reason but not told how much. */
const REASONING_TOKENS = 32;

/**
 * Decides an answer as a whole before its first byte is sent. The same request, settings and `callSeed` give the same
 * plan; a request with a seed of its own gives the same plan whatever `callSeed` is.
 */
export function planCompletion(
  request: CompletionRequest,
  directives: Directives,
  output: OutputSettings,
  callSeed: number,
): CompletionPlan {
  const seed = request.seed === undefined ? callSeed : hash32(request.prompt, request.seed);
  const choices: PlannedChoice[] = [];
  let outputTokens = 0;
  let reasoningTokens = 0;
  for (let i = 0; i < request.choices; i++) {
    const random = seededRandom(seed + i);
    const choice = withinBound(planChoice(request, directives, output, random), request.maxOutputTokens);
    choices.push(choice);
    reasoningTokens += countTokens(choice.reasoning);
    outputTokens += choiceTokens(choice);
  }
  const { inputTokens } = request;
  const wanted = directives.cachedTokens ?? Math.floor(inputTokens * output.cachedShare);
  const cachedTokens = Math.min(wanted, inputTokens);
  const cacheWriteTokens = Math.min(directives.cacheWriteTokens ?? 0, inputTokens - cachedTokens);
  return {
    choices,
    usage: { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens },
  };
}

/** All output tokens of a choice: thoughts, text, and the names and inputs of its tool calls. */
export function choiceTokens(choice: PlannedChoice): number {
  let tokens = countTokens(choice.reasoning) + countTokens(choice.text);
  for (const call of choice.toolCalls) tokens += countTokens(call.name) + countTokens(call.input);
  return tokens;
}

function planChoice(
  request: CompletionRequest,
  directives: Directives,
  output: OutputSettings,
  random: Random,
): PlannedChoice {
  const plain = { reasoning: '', text: '', toolCalls: [], stoppedBy: undefined };
  if (directives.refuse) return { ...plain, text: REFUSAL, finish: 'refused' };
  const reasoning = planReasoning(request, directives, output, random);
  const toolCalls = chooseToolCalls(request, directives.calls, random);
  if (toolCalls.length > 0) return { ...plain, reasoning, toolCalls, finish: 'tool_calls' };
  const text = planText(request, directives, output, random);
  return { ...plain, reasoning, ...untilStop(text, request.stop), finish: 'stop' };
}

function planReasoning(
  request: CompletionRequest,
  directives: Directives,
  output: OutputSettings,
  random: Random,
): string {
  const byDefault =
    output.reasoningTokens > 0 ? output.reasoningTokens : request.reasoning ? REASONING_TOKENS : 0;
  return passage(pick(random), (directives.reasoningTokens ?? byDefault) * TOKEN_LENGTH);
}

function planText(
  request: CompletionRequest,
  directives: Directives,
  output: OutputSettings,
  random: Random,
): string {
  if (directives.say !== undefined) return directives.say;
  if (request.answerSchema === 'any')
    return JSON.stringify({ answer: passage(pick(random), 8 * TOKEN_LENGTH) });
  if (request.answerSchema !== undefined) return JSON.stringify(fitSchema(request.answerSchema, random));
  const tokens = directives.tokens ?? Math.max(1, Math.round(sample(output.tokens, random)));
  return passage(pick(random), tokens * TOKEN_LENGTH);
}

function pick(random: Random): number {
  return Math.floor(random() * 0x1_0000_0000);
}

function untilStop(text: string, stop: readonly string[]): Pick<PlannedChoice, 'text' | 'stoppedBy'> {
  let end = text.length;
  let stoppedBy: string | undefined;
  for (const sequence of stop) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at !== -1 && at < end) [end, stoppedBy] = [at, sequence];
  }
  return { text: text.slice(0, end), stoppedBy };
}

/** Thoughts are spent first, as the providers do: a small bound can leave nothing for the answer. */
function withinBound(choice: PlannedChoice, maxTokens: number | undefined): PlannedChoice {
  if (maxTokens === undefined || choiceTokens(choice) <= maxTokens) return choice;
  const reasoning = firstTokens(choice.reasoning, maxTokens);
  let left = maxTokens - countTokens(reasoning);
  const text = firstTokens(choice.text, left);
  left -= countTokens(text);
  const toolCalls: PlannedToolCall[] = [];
  for (const call of choice.toolCalls) {
    left -= countTokens(call.name);
    if (left < 0) break;
    const input = firstTokens(call.input, left);
    left -= countTokens(input);
    toolCalls.push({ name: call.name, input });
  }
  return { reasoning, text, toolCalls, finish: 'length', stoppedBy: undefined };
}
