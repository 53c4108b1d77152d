import type { GenerationAnswer, GenerationQuestion } from '@penstock/contracts';
import type { AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

import { answerQuestion } from './answer-question.js';

const question: z.ZodType<GenerationQuestion> = z.object({ tenant: z.string(), id: z.string().max(512) });

/** Answers what the ledger has of one job. */
export function answerGeneration(store: AccountingStore, asked: unknown): Promise<GenerationAnswer> {
  return answerQuestion(question, asked, async (wanted) => {
    const generation = await store.generation(wanted);
    return generation ? { generation } : {};
  });
}
