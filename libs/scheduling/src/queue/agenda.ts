import { Heap, HeapNode } from './heap.js';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/** Which waiting jobs with a deadline have to be looked at, and when: once to be promoted, once to expire. */
export class Agenda<J extends QueuedJob> {
  private readonly appointments = new Heap<Waiting<J>>();

  constructor(private readonly promotionFactor: number) {}

  add(waiting: Waiting<J>): void {
    const { deadlineMs, class: priorityClass } = waiting.job.job;
    if (deadlineMs === undefined) return;
    const lead = priorityClass === 'interactive' ? 0 : this.promotionFactor * (waiting.job.expectedMs ?? 0);
    waiting.appointment = new HeapNode<Waiting<J>>(waiting, deadlineMs - lead, waiting.place.order);
    this.appointments.push(waiting.appointment);
  }

  remove(waiting: Waiting<J>): void {
    if (waiting.appointment) this.appointments.remove(waiting.appointment);
  }

  /** One job whose appointment has come, or undefined. One that is to be promoted is put down again to expire. */
  due(nowMs: number): { readonly waiting: Waiting<J>; readonly isExpired: boolean } | undefined {
    const first = this.appointments.peek();
    if (!first || first.rank > nowMs) return undefined;
    const waiting = first.item;
    const { deadlineMs } = waiting.job.job;
    const isExpired = deadlineMs !== undefined && deadlineMs <= nowMs;
    if (isExpired) this.appointments.remove(first);
    else this.appointments.move(first, deadlineMs!, first.order);
    return { waiting, isExpired };
  }
}
