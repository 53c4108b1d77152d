import { refusal, type Read } from '@penstock/contracts';
import { databaseErrorKind } from '@penstock/persistence';

/** Postgres being away is an answer; whatever else goes wrong is not, and the asker hears nothing. */
export async function answer<T>(find: () => Promise<Read<T>>): Promise<Read<T>> {
  try {
    return await find();
  } catch (error) {
    if (databaseErrorKind(error) !== 'unavailable') throw error;
    const message = 'Files and batches cannot be reached now. Send it again after the time in Retry-After.';
    return { ok: false, refusal: refusal('unavailable', { message, retryAfterMs: 5_000 }) };
  }
}

/** What was found, or the refusal for not finding it. */
export function found<T>(value: T | undefined, code: 'file_not_found' | 'batch_not_found'): Read<T> {
  return value === undefined ? { ok: false, refusal: refusal(code) } : { ok: true, value };
}
