import type { CompletionPlan, PlannedChoice } from '../../completion/completion-plan.js';
import { deltasOf, type Delta } from '../../completion/deltas.js';
import type { AnswerStamp, StreamEvent } from '../dialect.js';
import { namedEvent } from '../named-event.js';
import {
  EMPTY_TEXT,
  envelope,
  signatureOf,
  stopOf,
  tokenCounts,
  toolUse,
  usageOf,
} from './render-message.js';

const NOT_STOPPED = { stop_reason: null, stop_sequence: null, stop_details: null };

/** The answer as Anthropic's events: blocks that start, grow and stop, between the message's start and its stop. */
export function* renderMessageStream(
  model: string,
  plan: CompletionPlan,
  stamp: AnswerStamp,
): Generator<StreamEvent, void, void> {
  const [choice] = plan.choices;
  if (!choice) return;
  const usage = stamp.withUsage ? { usage: usageOf(plan.usage, Math.min(1, plan.usage.outputTokens)) } : {};
  const opened = { ...envelope(model, stamp), content: [], ...NOT_STOPPED, ...usage };
  yield namedEvent({ type: 'message_start', message: opened });
  yield* renderBlocks(choice, stamp);
  const finalUsage = stamp.withUsage ? { usage: tokenCounts(plan.usage, plan.usage.outputTokens) } : {};
  yield namedEvent({ type: 'message_delta', delta: { ...stopOf(choice), container: null }, ...finalUsage });
  yield namedEvent({ type: 'message_stop' });
}

function* renderBlocks(choice: PlannedChoice, stamp: AnswerStamp): Generator<StreamEvent, void, void> {
  let index = -1;
  let open = '';
  for (const delta of deltasOf(choice)) {
    const block = blockOf(delta);
    if (delta.kind !== 'tool_input' && block !== open) {
      if (open !== '') yield* closeBlock(open, index, stamp);
      index++;
      open = block;
      const started = { type: 'content_block_start', index, content_block: startOf(delta, stamp) };
      yield namedEvent(started, delta.kind === 'tool_start' ? delta.tokens : 0);
      if (index === 0) yield namedEvent({ type: 'ping' });
    }
    if (delta.kind !== 'tool_start') {
      yield namedEvent({ type: 'content_block_delta', index, delta: growthOf(delta) }, delta.tokens);
    }
  }
  if (open !== '') yield* closeBlock(open, index, stamp);
}

/** Which block a delta belongs to. */
function blockOf(delta: Delta): string {
  return delta.kind === 'tool_start' || delta.kind === 'tool_input' ? `tool ${delta.call}` : delta.kind;
}

function startOf(delta: Exclude<Delta, { kind: 'tool_input' }>, stamp: AnswerStamp): object {
  switch (delta.kind) {
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'text':
      return EMPTY_TEXT;
    case 'tool_start':
      return toolUse(delta.name, delta.call, stamp);
  }
}

function growthOf(delta: Exclude<Delta, { kind: 'tool_start' }>): object {
  switch (delta.kind) {
    case 'reasoning':
      return { type: 'thinking_delta', thinking: delta.text };
    case 'text':
      return { type: 'text_delta', text: delta.text };
    case 'tool_input':
      return { type: 'input_json_delta', partial_json: delta.text };
  }
}

function* closeBlock(block: string, index: number, stamp: AnswerStamp): Generator<StreamEvent, void, void> {
  if (block === 'reasoning') {
    const delta = { type: 'signature_delta', signature: signatureOf(stamp) };
    yield namedEvent({ type: 'content_block_delta', index, delta });
  }
  yield namedEvent({ type: 'content_block_stop', index });
}
