import type { PriorityClass } from '@penstock/contracts';
import { Gate, gateKey } from './gate.js';
import type { GateQueue } from './gate-queue.js';
import type { QueuedJob } from './queued-job.js';

/** Gates that may be kept while nothing waits at them, so that they need not be made again for each job. */
const GATES_KEPT = 1_000;

/** All gates, found by the set of deployments that they stand for and by each one of it. */
export class Gates<J extends QueuedJob> {
  private readonly byKey = new Map<string, Gate<J>>();
  private readonly byDeployment = new Map<string, Set<Gate<J>>>();

  constructor(private readonly queueOf: (gate: Gate<J>, priorityClass: PriorityClass) => GateQueue<J>) {}

  /** The gate at which such a job waits; made when there is none. */
  at(job: Pick<J, 'runsOn' | 'terms'>): Gate<J> {
    const key = gateKey(job);
    const known = this.byKey.get(key);
    if (known) return known;
    if (this.byKey.size >= GATES_KEPT) this.forgetEmpty();
    const gate = new Gate<J>(key, [...new Set(job.runsOn)], this.queueOf);
    this.byKey.set(key, gate);
    for (const deployment of gate.runsOn) {
      const gates = this.byDeployment.get(deployment);
      if (gates) gates.add(gate);
      else this.byDeployment.set(deployment, new Set([gate]));
    }
    return gate;
  }

  /** The gate at which such a job waits, if it is there. */
  find(job: Pick<QueuedJob, 'runsOn' | 'terms'>): Gate<J> | undefined {
    return this.named(gateKey(job));
  }

  /** The gate with that key, if it is there. */
  named(key: string): Gate<J> | undefined {
    return this.byKey.get(key);
  }

  /** The gates whose jobs may run on the deployment. */
  of(deployment: string): Iterable<Gate<J>> {
    return this.byDeployment.get(deployment) ?? [];
  }

  [Symbol.iterator](): IterableIterator<Gate<J>> {
    return this.byKey.values();
  }

  private forgetEmpty(): void {
    for (const gate of this.byKey.values()) {
      if (gate.size > 0) continue;
      this.byKey.delete(gate.key);
      for (const deployment of gate.runsOn) {
        const gates = this.byDeployment.get(deployment)!;
        gates.delete(gate);
        if (gates.size === 0) this.byDeployment.delete(deployment);
      }
    }
  }
}
