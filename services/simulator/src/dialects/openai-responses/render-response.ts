import type { CompletionPlan, PlannedUsage } from '../../completion/completion-plan.js';
import type { AnswerStamp } from '../dialect.js';
import { outputItems } from './output-items.js';
import type { ResponsesOptions } from './read-responses-request.js';

/** The whole response as JSON. */
export function renderResponse(
  model: string,
  plan: CompletionPlan,
  options: ResponsesOptions,
  stamp: AnswerStamp,
): string {
  return JSON.stringify(endedResponse(model, plan, options, stamp));
}

/** The response as it is when it has ended: completed, or incomplete when the caller's bound cut it. */
export function endedResponse(
  model: string,
  plan: CompletionPlan,
  options: ResponsesOptions,
  stamp: AnswerStamp,
) {
  const [choice] = plan.choices;
  const isCut = choice?.finish === 'length';
  return {
    ...openResponse(model, options, stamp),
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: choice ? outputItems(choice, stamp).map(({ done }) => done) : [],
    ...(stamp.withUsage && { usage: usageOf(plan.usage) }),
  };
}

/** The response while it is made. */
export function openResponse(model: string, options: ResponsesOptions, stamp: AnswerStamp) {
  return {
    id: `resp_${stamp.id}`,
    object: 'response',
    created_at: stamp.createdAtS,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output: [] as object[],
    ...options.echo,
    access_programs: null,
  };
}

function usageOf(usage: PlannedUsage) {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
