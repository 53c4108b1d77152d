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
  return { id: `msg_${stamp.id}`, type: 'message', role: 'assistant', model };
}

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  refused: 'refusal',
};

export function stopOf({ finish, stoppedBy }: PlannedChoice) {
  const reason = stoppedBy === undefined ? STOP_REASONS[finish] : 'stop_sequence';
  return { stop_reason: reason, stop_sequence: stoppedBy ?? null };
}

/** Anthropic counts what went through the cache apart from the input, not as part of it. */
export function usageOf(usage: PlannedUsage, outputTokens: number) {
  const { inputTokens, cachedTokens, cacheWriteTokens } = usage;
  return {
    input_tokens: inputTokens - cachedTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

export function toolUseId(stamp: AnswerStamp, call: number): string {
  return `toolu_${stamp.id}_${call}`;
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
  if (choice.text !== '') content.push({ type: 'text', text: choice.text });
  for (const [call, { name, input }] of choice.toolCalls.entries()) {
    content.push({ type: 'tool_use', id: toolUseId(stamp, call), name, input: parsed(input) });
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
