import type { CompletionPlan, PlannedChoice } from '../../completion/completion-plan.js';
import { deltasOf } from '../../completion/deltas.js';
import type { AnswerStamp, StreamEvent } from '../dialect.js';
import { renderUsage } from '../openai-chat/render-chat.js';
import type { CompletionsOptions } from './read-completions-request.js';

export function renderCompletions(
  plan: CompletionPlan,
  options: CompletionsOptions,
  stamp: AnswerStamp,
): string {
  const choices = plan.choices.map((choice, index) =>
    choiceOf(index, `${options.echoes[index] ?? ''}${choice.text}`, finishOf(choice)),
  );
  return JSON.stringify({ ...envelope(options, stamp), choices, ...usageOf(plan, stamp) });
}

/** A chunk a token. This API has no place for thoughts: their tokens go with the next chunk. */
export function* renderCompletionsStream(
  plan: CompletionPlan,
  options: CompletionsOptions,
  stamp: AnswerStamp,
): Generator<StreamEvent, void, void> {
  const event = (choices: object[], tokens: number, more: object = {}): StreamEvent => ({
    text: `data: ${JSON.stringify({ ...envelope(options, stamp), choices, ...more })}\n\n`,
    tokens,
  });
  for (const [index, choice] of plan.choices.entries()) {
    const echo = options.echoes[index];
    if (echo) yield event([choiceOf(index, echo, null)], 0);
    let silentTokens = 0;
    for (const delta of deltasOf(choice)) {
      silentTokens += delta.tokens;
      if (delta.kind !== 'text') continue;
      yield event([choiceOf(index, delta.text, null)], silentTokens);
      silentTokens = 0;
    }
    yield event([choiceOf(index, '', finishOf(choice))], silentTokens);
  }
  if (options.includeUsage) yield event([], 0, usageOf(plan, stamp));
  yield { text: 'data: [DONE]\n\n', tokens: 0 };
}

function envelope({ model }: CompletionsOptions, stamp: AnswerStamp) {
  return { id: `cmpl-${stamp.id}`, object: 'text_completion', created: stamp.createdAtS, model };
}

function choiceOf(index: number, text: string, finish: string | null) {
  return { index, text, logprobs: null, finish_reason: finish };
}

function usageOf(plan: CompletionPlan, stamp: AnswerStamp): object {
  return stamp.withUsage ? { usage: JSON.parse(renderUsage(plan.usage)) as unknown } : {};
}

function finishOf(choice: PlannedChoice): string {
  return choice.finish === 'length' ? 'length' : choice.finish === 'refused' ? 'content_filter' : 'stop';
}
