import type { BatchStatus } from '@penstock/contracts';

/** Which status may follow which. None follows a final one. */
const NEXT: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  validating: ['failed', 'in_progress', 'cancelling', 'expired'],
  failed: [],
  in_progress: ['finalizing', 'cancelling'],
  finalizing: ['completed', 'expired'],
  completed: [],
  expired: [],
  cancelling: ['cancelled'],
  cancelled: [],
};

export function mayFollow(from: BatchStatus, to: BatchStatus): boolean {
  return NEXT[from].includes(to);
}

export function isFinal(status: BatchStatus): boolean {
  return NEXT[status].length === 0;
}
