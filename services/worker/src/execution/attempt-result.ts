import type { AttemptRecord, Failure } from '@penstock/contracts';
import type { Answer } from '@penstock/messaging';

/**
 * What came of one attempt, as a closed set. What is done about it is decided in `settle-attempt.ts`, in one place.
 *
 * - `answered`: the caller has an answer, be it an error of its own making.
 * - `retryable`: this deployment could not; the router decides what comes next.
 * - `cancelled`, `expired`: nobody wants the answer any more; the call was aborted. One that was outrun is `cancelled`.
 * - `interrupted`: the answer broke off after part of it had reached the caller.
 * - `not_attempted`: the deployment has no room or is closed; no provider was called.
 */
export type AttemptResult =
  | {
      readonly kind: 'answered';
      readonly answer: Answer;
      readonly attempt: AttemptRecord;
      readonly frames: number;
    }
  | { readonly kind: 'retryable'; readonly failure: Failure; readonly attempt: AttemptRecord }
  | { readonly kind: 'cancelled'; readonly attempt: AttemptRecord; readonly frames: number }
  | { readonly kind: 'expired'; readonly attempt: AttemptRecord; readonly frames: number }
  | {
      readonly kind: 'interrupted';
      readonly failure: Failure;
      readonly attempt: AttemptRecord;
      readonly frames: number;
    }
  | { readonly kind: 'not_attempted'; readonly failure: Failure };

/** Why an attempt was aborted: the reason that its signal carries. `outrun`: another one of its job answered first. */
export class AttemptAborted extends Error {
  constructor(readonly why: 'cancelled' | 'expired' | 'outrun') {
    super(why);
  }
}
