import type { Api } from '@penstock/contracts';
import type { JsonObject } from '../rules/rule.js';
import { CONVERSATIONS, messagesOf, type MessagePart } from './conversation-shape.js';

/** The tokens of a request, by Penstock's own estimate; undefined for what is no request. */
export type CountTokens = (document: JsonObject) => number | undefined;

/** `too_long`: what has to stay is longer than there is room. */
export type Trimmed =
  | { readonly kind: 'fits'; readonly document: JsonObject }
  | { readonly kind: 'too_long'; readonly tokens: number };

/**
 * Leaves the oldest messages of a conversation out until it has at most `limitTokens`. What stays in any case:
 * instructions, the last message of the user, and the last of all. A tool's result goes with the call before it, and
 * an answer with the question before it, so that what is left begins with the user as vendors demand.
 */
export function trimMessages(
  api: Api,
  document: JsonObject,
  limitTokens: number,
  countTokens: CountTokens,
): Trimmed {
  const tokens = countTokens(document);
  if (tokens === undefined || tokens <= limitTokens) return { kind: 'fits', document };
  const shape = CONVERSATIONS[api];
  const messages = shape && messagesOf(document, shape);
  if (!shape || !messages) return { kind: 'too_long', tokens };

  const steps = stepsOf(messages.map(shape.partOf));
  const after = (count: number): JsonObject => {
    const left = new Set(steps.slice(0, count).flat());
    return { ...document, [shape.field]: messages.filter((_, at) => !left.has(at)) };
  };
  const least = countTokens(after(steps.length)) ?? Infinity;
  if (least > limitTokens) return { kind: 'too_long', tokens: least };
  // Fewer messages never count more, so the fewest to leave out are found by halving.
  let [tooFew, enough] = [0, steps.length];
  while (enough - tooFew > 1) {
    const half = (tooFew + enough) >> 1;
    if ((countTokens(after(half)) ?? Infinity) <= limitTokens) enough = half;
    else tooFew = half;
  }
  return { kind: 'fits', document: after(enough) };
}

/** What can be left out, oldest first; each step are the positions of messages that go together. */
function stepsOf(parts: readonly MessagePart[]): number[][] {
  const lastUser = parts.lastIndexOf('user');
  const last = parts.length - 1;
  const steps: number[][] = [];
  let step: number[] = [];
  for (const [at, part] of parts.entries()) {
    if (part === 'pinned') continue;
    const before = parts[at - 1];
    // Up to the last question whole turns go; behind it, where an agent may have worked for long, answers with results.
    const begins = at <= lastUser ? part === 'user' : part === 'answer' && before !== 'answer';
    if (begins || at === lastUser + 1) {
      steps.push(step);
      step = [];
    }
    step.push(at);
  }
  steps.push(step);
  return steps.filter((each) => each.length > 0 && !each.includes(lastUser) && !each.includes(last));
}
