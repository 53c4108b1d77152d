import type { PlannedChoice } from '../../completion/completion-plan.js';
import { countTokens } from '../../completion/count-tokens.js';
import type { AnswerStamp } from '../dialect.js';

/** One item of the output, as it is when it is opened and when it is done. */
export interface OutputItem {
  readonly kind: 'reasoning' | 'message' | 'function_call';
  readonly id: string;
  readonly text: string;
  /** Output tokens that are spent when it is opened: the name of a call. */
  readonly openingTokens: number;
  readonly added: object;
  readonly done: object;
}

/** The items of an answer in the order in which a model makes them: its thoughts, then its message or its calls. */
export function outputItems(choice: PlannedChoice, stamp: AnswerStamp): OutputItem[] {
  const items: OutputItem[] = [];
  if (choice.reasoning !== '') items.push(reasoningItem(choice.reasoning, stamp));
  if (choice.text !== '' || choice.toolCalls.length === 0) items.push(messageItem(choice, stamp));
  for (const [call, { name, input }] of choice.toolCalls.entries())
    items.push(callItem(name, input, call, choice, stamp));
  return items;
}

/** The one part of a message: a text, or a refusal. */
export function messagePart(choice: PlannedChoice, text: string): object {
  return choice.finish === 'refused'
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [], logprobs: [] };
}

function reasoningItem(text: string, stamp: AnswerStamp): OutputItem {
  const id = `rs_${stamp.id}`;
  const item = { id, type: 'reasoning', summary: [] as object[] };
  const done = { ...item, summary: [{ type: 'summary_text', text }] };
  return { kind: 'reasoning', id, text, openingTokens: 0, added: item, done };
}

function messageItem(choice: PlannedChoice, stamp: AnswerStamp): OutputItem {
  const id = `msg_${stamp.id}`;
  const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] as object[] };
  const done = { ...item, status: statusOf(choice), content: [messagePart(choice, choice.text)] };
  return { kind: 'message', id, text: choice.text, openingTokens: 0, added: item, done };
}

function callItem(
  name: string,
  input: string,
  call: number,
  choice: PlannedChoice,
  stamp: AnswerStamp,
): OutputItem {
  const id = `fc_${stamp.id}_${call}`;
  const item = {
    id,
    type: 'function_call',
    status: 'in_progress',
    call_id: `call_${stamp.id}_${call}`,
    name,
    arguments: '',
  };
  const done = { ...item, status: statusOf(choice), arguments: input };
  return { kind: 'function_call', id, text: input, openingTokens: countTokens(name), added: item, done };
}

function statusOf(choice: PlannedChoice): 'completed' | 'incomplete' {
  return choice.finish === 'length' ? 'incomplete' : 'completed';
}
