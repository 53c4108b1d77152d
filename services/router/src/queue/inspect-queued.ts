import { PRIORITY_CLASSES } from '@penstock/contracts';
import type { Inspection } from '@penstock/messaging';
import { skipReasons } from '@penstock/scheduling';
import type { RouterParts } from '../dispatch/router-parts.js';
import { rankJob } from '../routing/plan-route.js';

/** Where a job that waits here stands, and why it runs nowhere yet. Undefined when it is not here. */
export function inspectQueued(parts: RouterParts, tenant: string, job: string): Inspection | undefined {
  for (const priorityClass of PRIORITY_CLASSES) {
    const lane = { class: priorityClass, tenant };
    const held = parts.queue.find(lane, job);
    const position = held && parts.queue.position(lane, job);
    if (!position) continue;
    const { plan } = held;
    const nowMs = parts.clock.nowMs();
    const expectedStartMs = parts.starts.expectedStartMs(position.ahead, nowMs);
    const { candidates, removed } = rankJob(parts, held.job, plan);
    const keepsModels = plan.terms !== undefined;
    return {
      state: 'queued',
      position: position.ahead + 1,
      skipped: skipReasons(candidates, removed, undefined, nowMs, keepsModels) ?? {},
      history: held.job.attempts,
      ...(expectedStartMs !== undefined && { expectedStartMs }),
    };
  }
  return undefined;
}
