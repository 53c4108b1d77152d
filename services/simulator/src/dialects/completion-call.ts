import type { CompletionPlan } from '../completion/completion-plan.js';
import type { CompletionRequest } from '../completion/completion-request.js';
import { planCompletion } from '../completion/plan-completion.js';
import type { AnswerStamp, ReadyCall, StreamEvent } from './dialect.js';

/** How a dialect puts a plan into words. */
export interface CompletionRenderer {
  body(plan: CompletionPlan, stamp: AnswerStamp): string;
  events(plan: CompletionPlan, stamp: AnswerStamp): Iterable<StreamEvent>;
}

/** A call that one completion answers: the same plan in every dialect, rendered in this one. */
export function completionCall(
  completion: CompletionRequest,
  stream: boolean,
  renderer: CompletionRenderer,
): ReadyCall {
  return {
    model: completion.model,
    kind: 'chat',
    stream,
    prompt: completion.prompt,
    plan(directives, output, callSeed) {
      const plan = planCompletion(completion, directives, output, callSeed);
      return {
        usage: plan.usage,
        body: (stamp) => renderer.body(plan, stamp),
        events: (stamp) => renderer.events(plan, stamp),
      };
    },
  };
}
