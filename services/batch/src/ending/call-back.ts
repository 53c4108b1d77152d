import { lineJobId, SUBJECT } from '@penstock/contracts';
import { send } from '@penstock/messaging';
import type { BatchParts } from '../running/batch-parts.js';
import type { BatchRun } from '../running/batch-run.js';

/** Asks whoever holds a released line without an outcome to cancel it. Said again until it has one. */
export function callBack({ connection, clock }: BatchParts, run: BatchRun): void {
  const { id, tenant } = run.record;
  for (const line of run.names.keys())
    send(connection, SUBJECT.cancel(tenant, lineJobId({ batch: id, line })), '');
  run.calledBackAtMs = clock.nowMs();
}
