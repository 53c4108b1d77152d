import type { Lane } from '@penstock/contracts';
import { FleetingMap } from '@penstock/resilience';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/**
 * Finds a waiting job by lane and id. Ids are unique within a tenant only, so those that share one are chained; one
 * map for all lanes, because a small one for each lane is rebuilt every few jobs.
 */
export class NamedJobs<J extends QueuedJob> {
  private readonly byId = new FleetingMap<string, Waiting<J>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  find({ class: priorityClass, tenant }: Lane, jobId: string): Waiting<J> | undefined {
    for (let waiting = this.byId.get(jobId); waiting; waiting = waiting.namesake) {
      const { lane } = waiting.home;
      if (lane.tenant === tenant && lane.class === priorityClass) return waiting;
    }
    return undefined;
  }

  add(waiting: Waiting<J>): void {
    const { id } = waiting.job.job;
    waiting.namesake = this.byId.get(id);
    this.byId.set(id, waiting);
    this.count++;
  }

  remove(waiting: Waiting<J>): void {
    const { id } = waiting.job.job;
    const first = this.byId.get(id);
    if (first !== waiting) {
      let before = first;
      while (before && before.namesake !== waiting) before = before.namesake;
      if (before) before.namesake = waiting.namesake;
    } else if (waiting.namesake) this.byId.set(id, waiting.namesake);
    else this.byId.delete(id);
    waiting.namesake = undefined;
    this.count--;
  }

  *[Symbol.iterator](): IterableIterator<Waiting<J>> {
    for (const first of this.byId.values()) {
      for (let waiting: Waiting<J> | undefined = first; waiting; waiting = waiting.namesake) yield waiting;
    }
  }
}
