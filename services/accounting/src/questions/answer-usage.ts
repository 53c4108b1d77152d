import { refusal, type UsageAnswer, type UsageQuestion } from '@penstock/contracts';
import { databaseErrorKind, type AccountingStore } from '@penstock/persistence';
import { z } from 'zod';

const question: z.ZodType<UsageQuestion> = z
  .object({
    tenant: z.string().exactOptional(),
    model: z.string().exactOptional(),
    fromMs: z.int().min(0).max(253_402_300_799_999),
    toMs: z.int().min(0).max(253_402_300_799_999),
  })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, { path: ['toMs'], message: 'comes before fromMs' });

/** Answers what was used. Rejects only for what nobody foresaw: Postgres being away is an answer. */
export async function answerUsage(store: AccountingStore, asked: unknown): Promise<UsageAnswer> {
  const parsed = question.safeParse(asked);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    return {
      ok: false,
      refusal: refusal('invalid_request', { param, message: `${param}: ${issue?.message}` }),
    };
  }
  try {
    return { ok: true, value: { rows: await store.usage(parsed.data) } };
  } catch (error) {
    if (databaseErrorKind(error) !== 'unavailable') throw error;
    return { ok: false, refusal: UNAVAILABLE };
  }
}

/** The catalogue's own words speak of storing a job, which this is not. */
export const UNAVAILABLE = refusal('unavailable', {
  message: 'The ledger cannot be read now. Ask again after the time in Retry-After.',
  retryAfterMs: 5_000,
});
