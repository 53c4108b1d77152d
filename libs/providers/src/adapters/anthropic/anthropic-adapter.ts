import type { CanonicalCall, JsonMap } from '@penstock/contracts';
import type { Adapter } from '../adapter.js';
import { anthropicDialect } from './anthropic-dialect.js';
import { ANTHROPIC_REASONS, readAnthropicError } from './anthropic-error.js';

export const anthropicAdapter: Adapter = {
  dialect: anthropicDialect,
  errors: { readError: readAnthropicError, reasons: ANTHROPIC_REASONS },
  package: {
    family: 'anthropic',
    open: async (settings) => (await import('@ai-sdk/anthropic')).createAnthropic(settings),
    options: anthropicOptions,
  },
};

function anthropicOptions({ reasoningBudgetTokens, parallelToolCalls, user }: CanonicalCall): JsonMap {
  return {
    ...(reasoningBudgetTokens !== undefined && {
      thinking: { type: 'enabled', budgetTokens: reasoningBudgetTokens },
    }),
    ...(parallelToolCalls === false && { disableParallelToolUse: true }),
    ...(user !== undefined && { metadata: { userId: user } }),
  };
}
