import type { CompletionPlan } from '../../completion/completion-plan.js';
import { readDirectives } from '../../completion/directives.js';
import { planCompletion } from '../../completion/plan-completion.js';
import { rateLimitHeaders } from '../../limits/rate-limit-headers.js';
import type { Dialect } from '../dialect.js';
import { renderOpenAiError, renderOpenAiErrorEvent } from '../openai-error.js';
import { readCompletionsRequest } from './read-completions-request.js';
import { renderCompletions, renderCompletionsStream } from './render-completions.js';

/** `POST /v1/completions`, the older API that completes a text; each prompt of a list is answered on its own. */
export const completionsDialect: Dialect = {
  api: 'openai.completions',
  idHeader: 'x-request-id',
  renderError: renderOpenAiError,
  renderErrorEvent: renderOpenAiErrorEvent,
  limitHeaders: rateLimitHeaders,
  read(body) {
    const read = readCompletionsRequest(body);
    if (!read.ok) return read;
    const { requests, options } = read.value;
    const [first] = requests;
    return {
      ok: true,
      value: {
        model: options.model,
        kind: 'chat',
        stream: options.stream,
        prompt: first?.prompt ?? '',
        plan(_directives, output, callSeed) {
          const plans = requests.map((request, index) =>
            planCompletion(request, readDirectives(request.prompt), output, callSeed + index),
          );
          const plan = together(plans);
          return {
            usage: plan.usage,
            body: (stamp) => renderCompletions(plan, options, stamp),
            events: (stamp) => renderCompletionsStream(plan, options, stamp),
          };
        },
      },
    };
  },
};

function together(plans: readonly CompletionPlan[]): CompletionPlan {
  const sum = (name: keyof CompletionPlan['usage']) =>
    plans.reduce((total, { usage }) => total + usage[name], 0);
  return {
    choices: plans.flatMap((plan) => plan.choices),
    usage: {
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      cachedTokens: sum('cachedTokens'),
      cacheWriteTokens: sum('cacheWriteTokens'),
      reasoningTokens: sum('reasoningTokens'),
    },
  };
}
