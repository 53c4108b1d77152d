import type { CanonicalCall, JsonMap } from '@penstock/contracts';
import type { Adapter } from '../adapter.js';
import { geminiDialect } from './gemini-dialect.js';
import { GEMINI_REASONS, readGeminiError } from './gemini-error.js';

export const GEMINI_ERRORS: Adapter['errors'] = { readError: readGeminiError, reasons: GEMINI_REASONS };

export const geminiAdapter: Adapter = {
  dialect: geminiDialect,
  errors: GEMINI_ERRORS,
  package: {
    family: 'google',
    open: async (settings) => (await import('@ai-sdk/google')).createGoogle(settings),
    options: geminiOptions,
  },
};

export function geminiOptions({ reasoning, reasoningBudgetTokens, topLogprobs }: CanonicalCall): JsonMap {
  const budget = reasoningBudgetTokens === undefined ? {} : { thinkingBudget: reasoningBudgetTokens };
  const thinks = reasoningBudgetTokens !== undefined || (reasoning !== undefined && reasoning !== 'none');
  return {
    // Thoughts are shown only to who asks for them; the package makes a level or a budget of an effort by itself.
    ...(thinks && { thinkingConfig: { ...budget, includeThoughts: true } }),
    ...(topLogprobs !== undefined && { responseLogprobs: true, logprobs: topLogprobs }),
  };
}
