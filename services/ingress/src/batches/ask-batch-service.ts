import { refusal, RefusedError, type Read } from '@penstock/contracts';
import { request, type Connection } from '@penstock/messaging';

/** Asks the batch service, and throws its refusal; `unavailable` when it does not answer. */
export async function askBatchService<T>(
  connection: Connection,
  subject: string,
  question: object,
): Promise<T> {
  const read = await request<Read<T>>(connection, subject, question).catch(() => undefined);
  if (!read) {
    const message = 'The batch service does not answer. Send it again after the time in Retry-After.';
    throw new RefusedError(refusal('unavailable', { message, retryAfterMs: 2_000 }));
  }
  if (!read.ok) throw new RefusedError(read.refusal);
  return read.value;
}
