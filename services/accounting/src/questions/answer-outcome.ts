import { refusal, type OutcomeAnswer, type OutcomeQuestion } from '@penstock/contracts';
import { databaseErrorKind, type AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

import { UNAVAILABLE } from './answer-usage.js';

const question: z.ZodType<OutcomeQuestion> = z.object({ tenant: z.string(), job: z.string() });

/** Answers how a job ended, as far as Postgres knows. Rejects only for what nobody foresaw. */
export async function answerOutcome(store: AccountingStore, asked: unknown): Promise<OutcomeAnswer> {
  const parsed = question.safeParse(asked);
  if (!parsed.success) {
    return { ok: false, refusal: refusal('invalid_request', { message: 'Ask with a tenant and a job.' }) };
  }
  try {
    const outcome = await store.outcome(parsed.data);
    return { ok: true, value: outcome ? { outcome } : {} };
  } catch (error) {
    if (databaseErrorKind(error) !== 'unavailable') throw error;
    return { ok: false, refusal: UNAVAILABLE };
  }
}
