import type { UsageAnswer, UsageQuestion } from '@penstock/contracts';
import type { AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

import { answerQuestion } from './answer-question.js';

const question: z.ZodType<UsageQuestion> = z
  .object({
    tenant: z.string().exactOptional(),
    model: z.string().exactOptional(),
    fromMs: z.int().min(0).max(253_402_300_799_999),
    toMs: z.int().min(0).max(253_402_300_799_999),
  })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, { path: ['toMs'], message: 'comes before fromMs' });

/** Answers what was used. */
export function answerUsage(store: AccountingStore, asked: unknown): Promise<UsageAnswer> {
  return answerQuestion(question, asked, async (wanted) => ({ rows: await store.usage(wanted) }));
}
