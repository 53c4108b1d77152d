import { refusal, RefusedError } from '@penstock/contracts';
import { readDurationMs } from './read-duration.js';

/** The longest a caller may wait in one request. */
const MAX_WAIT_MS = 10 * 60_000;

/** For how long a caller waits with `?wait=30s`, in milliseconds: 0 without it. Throws its refusal. */
export function readWait(wait: string | undefined): number {
  if (wait === undefined) return 0;
  const waitMs = readDurationMs(wait);
  if (waitMs === undefined || waitMs > MAX_WAIT_MS) {
    throw new RefusedError(
      refusal('invalid_request', { param: 'wait', message: 'wait is a duration like 30s, up to 10m.' }),
    );
  }
  return waitMs;
}
