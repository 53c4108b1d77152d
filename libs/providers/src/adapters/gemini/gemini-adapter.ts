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

export function geminiOptions({ reasoningBudgetTokens, topLogprobs }: CanonicalCall): JsonMap {
  return {
    ...(reasoningBudgetTokens !== undefined && {
      thinkingConfig: { thinkingBudget: reasoningBudgetTokens, includeThoughts: true },
    }),
    ...(topLogprobs !== undefined && { responseLogprobs: true, logprobs: topLogprobs }),
  };
}
