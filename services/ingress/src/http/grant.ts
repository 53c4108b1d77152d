import { RefusedError, type Read } from '@penstock/contracts';

/** The value, or the refusal as an exception, which the error filter turns into an answer. */
export function grant<T>(read: Read<T>): T {
  if (!read.ok) throw new RefusedError(read.refusal);
  return read.value;
}
