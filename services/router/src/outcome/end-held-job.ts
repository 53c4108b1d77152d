import type { Job, OutcomeState, Refusal } from '@penstock/contracts';
import { endSpan, type Span } from '@penstock/telemetry';
import type { RouterParts } from '../dispatch/router-parts.js';
import { endJob } from './end-job.js';

/** Ends a job that this router holds, and lets its lease go once that is stored. */
export function endHeldJob(
  parts: RouterParts,
  held: { readonly job: Job; readonly ackSubject: string; readonly span?: Span; readonly suspect?: boolean },
  outcome: OutcomeState,
  why: Refusal,
): void {
  const { job, ackSubject, span } = held;
  parts.leases.hold(ackSubject, job.class);
  endJob(parts, held, outcome, why)
    .then(() => {
      parts.telemetry.metrics.jobs.add(1, { class: job.class, origin: job.origin, outcome });
    })
    .catch(parts.onError)
    .finally(() => {
      parts.leases.release(ackSubject);
      if (span) endSpan(span, undefined, why.code);
    });
}
