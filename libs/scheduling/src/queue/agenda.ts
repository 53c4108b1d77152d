import { Heap, HeapNode } from './heap.js';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/**
 * What the passing of time does to a waiting job with a deadline, in this order.
 *
 * - `promote`: its deadline is near; it should go now.
 * - `set_back`: it would end too late if it started now; it should go when nothing is lost by it.
 * - `expire`: its deadline has passed.
 */
export type Appointment = 'promote' | 'set_back' | 'expire';

/** Which waiting jobs have to be looked at, and when. */
export class Agenda<J extends QueuedJob> {
  private readonly appointments = new Heap<Waiting<J>>();

  constructor(private readonly promotionFactor: number) {}

  add(waiting: Waiting<J>): void {
    if (waiting.job.job.deadlineMs === undefined) return;
    const first = waiting.job.job.class === 'interactive' ? 'set_back' : 'promote';
    waiting.next = first;
    waiting.appointment = new HeapNode<Waiting<J>>(
      waiting,
      this.atMs(waiting.job, first),
      waiting.place.order,
    );
    this.appointments.push(waiting.appointment);
  }

  remove(waiting: Waiting<J>): void {
    if (waiting.appointment) this.appointments.remove(waiting.appointment);
  }

  /** One job whose appointment has come, and what for. Its next one is made by that. */
  due(nowMs: number): { readonly waiting: Waiting<J>; readonly what: Appointment } | undefined {
    const first = this.appointments.peek();
    if (!first || first.rank > nowMs) return undefined;
    const waiting = first.item;
    // After a long time without a look several have come at once: only the last of them matters.
    let what = waiting.next;
    while (what !== 'expire' && this.atMs(waiting.job, following(what)) <= nowMs) what = following(what);
    if (what === 'expire') this.appointments.remove(first);
    else {
      waiting.next = following(what);
      this.appointments.move(first, this.atMs(waiting.job, waiting.next), first.order);
    }
    return { waiting, what };
  }

  private atMs({ job, expectedMs = 0 }: J, what: Appointment): number {
    const deadlineMs = job.deadlineMs!;
    switch (what) {
      case 'promote':
        return deadlineMs - this.promotionFactor * expectedMs;
      case 'set_back':
        // Started exactly then it would still be in time.
        return expectedMs > 0 ? deadlineMs - expectedMs + 1 : deadlineMs;
      case 'expire':
        return deadlineMs;
    }
  }
}

const following = (what: Appointment): Appointment => (what === 'promote' ? 'set_back' : 'expire');
