import type { GateQueue } from './gate-queue.js';
import { Heap, HeapNode } from './heap.js';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/** One tenant's jobs of one class at one gate, earliest due first, ties by arrival. */
export class Seat<J extends QueuedJob> {
  readonly jobs = new Heap<Waiting<J>>();
  /** Its place at the gate. `rank` is its turn: the round in which its deficit is paid. */
  readonly place: HeapNode<Seat<J>> = new HeapNode<Seat<J>>(this, 0, 0);
  /** Corrections of what was charged, not charged yet: above 0 it used more than was estimated. */
  correction = 0;

  /** At how many gates that share a deployment with this one the tenant waits, this one included. */
  sharers = 1;

  constructor(
    readonly queue: GateQueue<J>,
    readonly tenant: string,
    private readonly tenantWeight: number,
    /** Which of its gate's accounts it is: a tenant that comes back after all was paid has another one. */
    readonly account: number,
  ) {}

  get weight(): number {
    return this.tenantWeight / this.sharers;
  }

  /**
   * What a job of `cost` is charged after what is owed from earlier jobs. Never below 0, because a turn never
   * moves back; what is left of a refund waits for the next job.
   */
  charge(cost: number): number {
    const due = cost + this.correction;
    const charged = Math.max(0, due);
    this.correction = due - charged;
    return charged;
  }
}
