import { PRIORITY_CLASSES, type PriorityClass } from '@penstock/contracts';
import type { GateQueue } from './gate-queue.js';
import type { QueuedJob } from './queued-job.js';

/**
 * Where jobs wait that may run on the same set of deployments. A gate is shut when a job of it found no room,
 * and nothing behind it is looked at until one of its deployments has room again: so work for a model without
 * capacity costs nothing, and holds up no other work.
 */
export class Gate<J extends QueuedJob> {
  open = true;
  readonly queues: Readonly<Record<PriorityClass, GateQueue<J>>>;

  constructor(
    readonly key: string,
    readonly runsOn: readonly string[],
    queueOf: (gate: Gate<J>, priorityClass: PriorityClass) => GateQueue<J>,
  ) {
    this.queues = {
      interactive: queueOf(this, 'interactive'),
      standard: queueOf(this, 'standard'),
      batch: queueOf(this, 'batch'),
    };
  }

  /** How many jobs wait, in all classes. */
  get size(): number {
    return PRIORITY_CLASSES.reduce((sum, priorityClass) => sum + this.queues[priorityClass].size, 0);
  }
}

/** The same set of deployments under the same terms gives the same key, in whatever order they are named. */
export function gateKey({ runsOn, terms }: Pick<QueuedJob, 'runsOn' | 'terms'>): string {
  const set = runsOn.length === 1 ? runsOn[0]! : runsOn.toSorted().join(' ');
  return terms === undefined ? set : `${set}\n${terms}`;
}
