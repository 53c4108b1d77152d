import { refusal, RefusedError, type Read } from '@penstock/contracts';
import { request, type Connection } from '@penstock/messaging';

/** Asks accounting, and throws its refusal; `unavailable` when it does not answer. */
export async function askAccounting<T>(
  connection: Connection,
  subject: string,
  question: object,
): Promise<T> {
  const read = await request<Read<T>>(connection, subject, question).catch(() => undefined);
  if (!read) {
    const message = 'Accounting does not answer. Ask again later.';
    throw new RefusedError(refusal('unavailable', { message, retryAfterMs: 1_000 }));
  }
  if (!read.ok) throw new RefusedError(read.refusal);
  return read.value;
}
