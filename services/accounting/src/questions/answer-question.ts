import { refusal, type Read } from '@penstock/contracts';
import { databaseErrorKind } from '@penstock/persistence';
import type { z } from 'zod';

/** Reads a question and answers it. Rejects only for what nobody foresaw: Postgres being away is an answer. */
export async function answerQuestion<Question, Answer>(
  schema: z.ZodType<Question>,
  asked: unknown,
  find: (question: Question) => Promise<Answer>,
): Promise<Read<Answer>> {
  const parsed = schema.safeParse(asked);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    return {
      ok: false,
      refusal: refusal('invalid_request', { param, message: `${param}: ${issue?.message}` }),
    };
  }
  try {
    return { ok: true, value: await find(parsed.data) };
  } catch (error) {
    if (databaseErrorKind(error) !== 'unavailable') throw error;
    return { ok: false, refusal: UNAVAILABLE };
  }
}

/** The catalogue's own words speak of storing a job, which this is not. */
const UNAVAILABLE = refusal('unavailable', {
  message: 'The ledger cannot be read now. Ask again after the time in Retry-After.',
  retryAfterMs: 5_000,
});
