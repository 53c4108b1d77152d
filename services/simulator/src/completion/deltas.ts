import type { PlannedChoice } from './completion-plan.js';
import { countTokens, splitTokens } from './count-tokens.js';

/** A piece of an answer as it is produced, with the output tokens it stands for. */
export type Delta =
  | { readonly kind: 'reasoning' | 'text'; readonly text: string; readonly tokens: number }
  | { readonly kind: 'tool_start'; readonly call: number; readonly name: string; readonly tokens: number }
  | { readonly kind: 'tool_input'; readonly call: number; readonly text: string; readonly tokens: number };

/** A choice in the order in which a model produces it, token by token. The tokens add up to those of the choice. */
export function* deltasOf(choice: PlannedChoice): Generator<Delta, void, void> {
  for (const text of splitTokens(choice.reasoning)) yield { kind: 'reasoning', text, tokens: 1 };
  for (const text of splitTokens(choice.text)) yield { kind: 'text', text, tokens: 1 };
  for (const [call, { name, input }] of choice.toolCalls.entries()) {
    yield { kind: 'tool_start', call, name, tokens: countTokens(name) };
    for (const text of splitTokens(input)) yield { kind: 'tool_input', call, text, tokens: 1 };
  }
}
