import type { PriorityClass } from '@penstock/contracts';
import type { Gate } from './gate.js';
import { GateQueue } from './gate-queue.js';
import { Heap } from './heap.js';
import type { QueuedJob } from './queued-job.js';
import { Siblings } from './siblings.js';

/**
 * One class over all gates. Gates take turns by the cost served through them over the weight of the tenants
 * waiting there, so that where two gates share a deployment, each tenant gets its part of it.
 */
export class ClassQueue<J extends QueuedJob> {
  /** Open gates with jobs of this class, the one whose turn comes first in front. */
  private readonly gates = new Heap<GateQueue<J>>();
  /** Gates where this class is owed from its reserve. */
  private readonly owed = new Set<GateQueue<J>>();
  private readonly siblings = new Siblings<J>();
  private round = 0;
  private order = 0;

  constructor(
    readonly priorityClass: PriorityClass,
    /** The share of cost at each gate that this class is sure of while it has work there. */
    private readonly reserve: number,
  ) {}

  /** The queue of this class at a new gate. */
  at(gate: Gate<J>): GateQueue<J> {
    return new GateQueue<J>(gate, this.priorityClass, this.siblings);
  }

  get first(): GateQueue<J> | undefined {
    return this.gates.peek()?.item;
  }

  /** An open gate where this class is owed from its reserve. */
  get firstOwed(): GateQueue<J> | undefined {
    for (const queue of this.owed) return queue;
    return undefined;
  }

  /** Puts the queue where it belongs after its gate opened or shut, or after jobs came or went. */
  place(queue: GateQueue<J>): void {
    const waits = queue.gate.open && !queue.isEmpty;
    if (!waits) this.gates.remove(queue.place);
    else if (queue.place.at < 0) {
      queue.place.rank = Math.max(queue.place.rank, this.round);
      queue.place.order = this.order++;
      this.gates.push(queue.place);
    }
    if (waits && queue.owed > 0) this.owed.add(queue);
    else this.owed.delete(queue);
  }

  /** A job of `cost` of this class goes through `queue`, which still holds it. */
  charge(queue: GateQueue<J>, cost: number): void {
    this.round = Math.max(this.round, queue.place.rank);
    this.gates.move(queue.place, this.round + cost / queue.weight, this.order++);
  }

  /** Another class was served `cost` at the gate of `queue`. */
  owe(queue: GateQueue<J>, cost: number): void {
    if (this.reserve === 0) return;
    const owed = queue.owed + (cost * this.reserve) / (1 - this.reserve);
    // Nothing is saved up while nobody waits, but what it had too much is paid back.
    queue.owed = queue.isEmpty ? Math.min(0, owed) : owed;
    this.place(queue);
  }
}
