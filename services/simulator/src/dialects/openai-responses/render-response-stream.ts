import type { CompletionPlan, PlannedChoice } from '../../completion/completion-plan.js';
import { splitTokens } from '../../completion/count-tokens.js';
import type { AnswerStamp, StreamEvent } from '../dialect.js';
import { namedEvent } from '../named-event.js';
import { messagePart, outputItems, type OutputItem } from './output-items.js';
import type { ResponsesOptions } from './read-responses-request.js';
import { endedResponse, openResponse } from './render-response.js';

type ResponseEvent = { readonly type: string; readonly [field: string]: unknown };

/** An event that has no number yet, and the output tokens it carries. */
type Unnumbered = readonly [event: ResponseEvent, tokens: number];

/** The answer as the typed events of the Responses API, numbered from 0. There is no `[DONE]`. */
export function* renderResponseStream(
  model: string,
  plan: CompletionPlan,
  options: ResponsesOptions,
  stamp: AnswerStamp,
): Generator<StreamEvent, void, void> {
  let sequence = 0;
  for (const [event, tokens] of eventsOf(model, plan, options, stamp)) {
    yield namedEvent({ ...event, sequence_number: sequence++ }, tokens);
  }
}

function* eventsOf(
  model: string,
  plan: CompletionPlan,
  options: ResponsesOptions,
  stamp: AnswerStamp,
): Generator<Unnumbered, void, void> {
  const [choice] = plan.choices;
  if (!choice) return;
  const open = openResponse(model, options, stamp);
  yield [{ type: 'response.created', response: open }, 0];
  yield [{ type: 'response.in_progress', response: open }, 0];
  for (const [index, item] of outputItems(choice, stamp).entries()) {
    yield [{ type: 'response.output_item.added', output_index: index, item: item.added }, item.openingTokens];
    yield* growth(item, choice, { item_id: item.id, output_index: index });
    yield [{ type: 'response.output_item.done', output_index: index, item: item.done }, 0];
  }
  const ended = endedResponse(model, plan, options, stamp);
  yield [{ type: `response.${ended.status}`, response: ended }, 0];
}

function growth(item: OutputItem, choice: PlannedChoice, at: object): Generator<Unnumbered, void, void> {
  switch (item.kind) {
    case 'reasoning':
      return reasoningGrowth(item.text, { ...at, summary_index: 0 });
    case 'message':
      return messageGrowth(choice, { ...at, content_index: 0 });
    case 'function_call':
      return callGrowth(item.text, at);
  }
}

function* reasoningGrowth(text: string, at: object): Generator<Unnumbered, void, void> {
  const part = (partText: string) => ({ type: 'summary_text', text: partText });
  yield [{ type: 'response.reasoning_summary_part.added', ...at, part: part('') }, 0];
  for (const delta of splitTokens(text))
    yield [{ type: 'response.reasoning_summary_text.delta', ...at, delta }, 1];
  yield [{ type: 'response.reasoning_summary_text.done', ...at, text }, 0];
  yield [{ type: 'response.reasoning_summary_part.done', ...at, part: part(text) }, 0];
}

function* messageGrowth(choice: PlannedChoice, at: object): Generator<Unnumbered, void, void> {
  const { text } = choice;
  const refused = choice.finish === 'refused';
  const name = refused ? 'response.refusal' : 'response.output_text';
  const more = refused ? {} : { logprobs: [] };
  yield [{ type: 'response.content_part.added', ...at, part: messagePart(choice, '') }, 0];
  for (const delta of splitTokens(text)) yield [{ type: `${name}.delta`, ...at, delta, ...more }, 1];
  yield [{ type: `${name}.done`, ...at, ...(refused ? { refusal: text } : { text }), ...more }, 0];
  yield [{ type: 'response.content_part.done', ...at, part: messagePart(choice, text) }, 0];
}

function* callGrowth(input: string, at: object): Generator<Unnumbered, void, void> {
  for (const delta of splitTokens(input))
    yield [{ type: 'response.function_call_arguments.delta', ...at, delta }, 1];
  yield [{ type: 'response.function_call_arguments.done', ...at, arguments: input }, 0];
}
