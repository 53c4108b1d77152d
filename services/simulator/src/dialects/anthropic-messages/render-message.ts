import type {
  CompletionPlan,
  Finish,
  PlannedChoice,
  PlannedUsage,
} from '../../completion/completion-plan.js';
import type { AnswerStamp } from '../dialect.js';

/** The whole answer. */
export function renderMessage(model: string, plan: CompletionPlan, stamp: AnswerStamp): string {
  const [choice] = plan.choices;
  if (!choice) return '';
  return JSON.stringify({
    ...envelope(model, stamp),
    content: contentOf(choice, stamp),
    ...stopOf(choice),
    ...(stamp.withUsage && { usage: usageOf(plan.usage, plan.usage.outputTokens) }),
  });
}

export function envelope(model: string, stamp: AnswerStamp) {
  return {
    id: `msg_${stamp.id}`,
    type: 'message',
    role: 'assistant',
    model,
    container: null,
    diagnostics: null,
  };
}

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  refused: 'refusal',
};

const REFUSAL_DETAILS = { type: 'refusal', category: null, explanation: null };

export function stopOf({ finish, stoppedBy }: PlannedChoice) {
  const reason = stoppedBy === undefined ? STOP_REASONS[finish] : 'stop_sequence';
  const details = reason === 'refusal' ? REFUSAL_DETAILS : null;
  return { stop_reason: reason, stop_sequence: stoppedBy ?? null, stop_details: details };
}

export function usageOf(usage: PlannedUsage, outputTokens: number) {
  return {
    ...tokenCounts(usage, outputTokens),
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    inference_geo: null,
    service_tier: 'standard',
    speed: null,
  };
}

/**
 * What the end of a stream repeats. Anthropic counts what went through the cache apart from the input, not as part of
 * it.
 */
export function tokenCounts(usage: PlannedUsage, outputTokens: number) {
  const { inputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens - cachedTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    output_tokens_details: reasoningTokens > 0 ? { thinking_tokens: reasoningTokens } : null,
    server_tool_use: null,
  };
}

export const EMPTY_TEXT = { type: 'text', text: '', citations: null } as const;

export function toolUse(name: string, call: number, stamp: AnswerStamp) {
  return { type: 'tool_use', id: `toolu_${stamp.id}_${call}`, name, input: {}, caller: { type: 'direct' } };
}

/** Thoughts carry a signature that callers send back unread. */
export function signatureOf(stamp: AnswerStamp): string {
  return Buffer.from(`simulated ${stamp.id}`).toString('base64');
}

function contentOf(choice: PlannedChoice, stamp: AnswerStamp): object[] {
  const content: object[] = [];
  if (choice.reasoning !== '') {
    content.push({ type: 'thinking', thinking: choice.reasoning, signature: signatureOf(stamp) });
  }
  if (choice.text !== '') content.push({ ...EMPTY_TEXT, text: choice.text });
  for (const [call, { name, input }] of choice.toolCalls.entries()) {
    content.push({ ...toolUse(name, call, stamp), input: parsed(input) });
  }
  return content;
}

/** An input that the bound cut is no JSON any more; Anthropic then gives an empty one. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return {};
  }
}
