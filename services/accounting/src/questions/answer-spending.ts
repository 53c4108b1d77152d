import type { SpendingAnswer, SpendingQuestion } from '@penstock/contracts';
import type { AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

import { answerQuestion } from './answer-question.js';

const instant = z.int().min(0).max(253_402_300_799_999);

const question: z.ZodType<SpendingQuestion> = z.object({
  tenant: z.string(),
  keyName: z.string().exactOptional(),
  dayMs: instant,
  weekMs: instant,
  monthMs: instant,
});

/** Answers what a tenant, or one of its keys, has spent. */
export function answerSpending(store: AccountingStore, asked: unknown): Promise<SpendingAnswer> {
  return answerQuestion(question, asked, (wanted) => store.spending(wanted));
}
