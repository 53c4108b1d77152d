import type { OutcomeAnswer, OutcomeQuestion } from '@penstock/contracts';
import type { AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

import { answerQuestion } from './answer-question.js';

const question: z.ZodType<OutcomeQuestion> = z.object({ tenant: z.string(), job: z.string() });

/** Answers how a job ended, as far as Postgres knows. */
export function answerOutcome(store: AccountingStore, asked: unknown): Promise<OutcomeAnswer> {
  return answerQuestion(question, asked, async (wanted) => {
    const outcome = await store.outcome(wanted);
    return outcome ? { outcome } : {};
  });
}
