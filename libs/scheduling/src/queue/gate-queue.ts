import type { PriorityClass } from '@penstock/contracts';
import { fairPart } from './fair-part.js';
import type { Gate } from './gate.js';
import { Heap, HeapNode } from './heap.js';
import type { QueuedJob } from './queued-job.js';
import { Seat } from './seat.js';
import type { Siblings } from './siblings.js';
import type { Waiting } from './waiting.js';

/**
 * The jobs of one class at one gate, fair between tenants: weighted deficit round robin with the quantum taken
 * to its limit. Instead of visiting every tenant each round to top up its deficit, a tenant's `turn` says in
 * which round its deficit will be paid; the tenant with the earliest turn is served, and its turn moves on by
 * cost / weight. So two tenants that both have work never differ by more than one job each in cost / weight,
 * and a tenant that comes back starts in the present round: it is owed nothing for the time it was away.
 *
 * Sources: Shreedhar and Varghese, "Efficient fair queuing using deficit round robin" (1996), for the deficit;
 * Goyal, Vin and Cheng, "Start-time fair queuing" (1996), for the limit and its bound.
 */
export class GateQueue<J extends QueuedJob> {
  /** Its place among the open gates of its class. */
  readonly place: HeapNode<GateQueue<J>> = new HeapNode<GateQueue<J>>(this, 0, 0);
  /** What it is owed out of its class's reserve. It goes first while this is above 0. */
  owed = 0;

  /** Tenants with jobs, the one whose turn comes first in front. */
  private readonly seats = new Heap<Seat<J>>();
  /** Tenants without jobs whose deficit is not paid yet. */
  private readonly idle = new Heap<Seat<J>>();
  private readonly byTenant = new Map<string, Seat<J>>();
  private round = 0;
  private order = 0;
  private accounts = 0;
  private jobCount = 0;
  /** Of the tenants with jobs, together. */
  private weightOfWaiting = 0;

  constructor(
    readonly gate: Gate<J>,
    readonly priorityClass: PriorityClass,
    private readonly siblings: Siblings<J>,
  ) {}

  get isEmpty(): boolean {
    return this.seats.size === 0;
  }

  /** How many jobs wait. */
  get size(): number {
    return this.jobCount;
  }

  get weight(): number {
    return this.weightOfWaiting;
  }

  /** The job to serve next. */
  get head(): Waiting<J> | undefined {
    return this.seats.peek()?.item.jobs.peek()?.item;
  }

  /** Jobs expected to be served before one that waits here: its tenant's, and the other tenants' fair part. */
  ahead({ place, seat }: Waiting<J>): number {
    if (!seat || seat.queue !== this) return 0;
    let own = 0;
    for (const { rank, order } of seat.jobs) {
      if (rank < place.rank || (rank === place.rank && order < place.order)) own++;
    }
    return (
      own + fairPart(own, seat.weight, this.jobCount - seat.jobs.size, this.weightOfWaiting - seat.weight)
    );
  }

  add(waiting: Waiting<J>, tenant: string, weight: number): void {
    const seat = this.seatOf(tenant, weight);
    waiting.seat = seat;
    seat.jobs.push(waiting.place);
    this.jobCount++;
    if (seat.jobs.size > 1) return;
    this.idle.remove(seat.place);
    this.siblings.joined(seat);
    this.weightOfWaiting += seat.weight;
    seat.place.rank = Math.max(seat.place.rank, this.round);
    seat.place.order = this.order++;
    this.seats.push(seat.place);
  }

  remove(waiting: Waiting<J>): void {
    const seat = this.unseat(waiting);
    if (seat.jobs.size === 0) this.leave(seat);
  }

  /** Takes out the head and charges its tenant. Returns the account that it was charged to. */
  serve(waiting: Waiting<J>): number {
    const seat = this.unseat(waiting);
    this.round = Math.max(this.round, seat.place.rank);
    const turn = this.round + seat.charge(waiting.job.cost) / seat.weight;
    if (seat.jobs.size > 0) this.seats.move(seat.place, turn, this.order++);
    else this.leave(seat, turn);
    for (let paid = this.idle.peek(); paid && paid.rank <= this.round; paid = this.idle.peek()) {
      this.idle.pop();
      this.byTenant.delete(paid.item.tenant);
    }
    return seat.account;
  }

  /**
   * A job of `tenant` cost `difference` more than it was charged, or less when below 0. What stood on an account that is
   * closed was paid, or forgiven to all: given back to the next one, it would put its tenant before all others.
   */
  correct(tenant: string, account: number, difference: number): void {
    const seat = this.byTenant.get(tenant);
    if (seat?.account !== account) return;
    if (seat.jobs.size > 0) this.owe(seat, seat.correction + difference);
    else this.idle.move(seat.place, seat.place.rank + difference / seat.weight, seat.place.order);
  }

  /** The tenant of `seat` waits at so many gates that share a deployment with this one, this one included. */
  changeSharers(seat: Seat<J>, sharers: number): void {
    this.weightOfWaiting -= seat.weight;
    seat.sharers = sharers;
    this.weightOfWaiting += seat.weight;
  }

  /**
   * What a seat owes is charged with its next job. What it was charged too much moves its turn forward at once, but not
   * before the present round; the rest of a refund waits.
   */
  private owe(seat: Seat<J>, correction: number): void {
    const { place, weight } = seat;
    const turn = Math.min(place.rank, Math.max(this.round, place.rank + correction / weight));
    seat.correction = correction + (place.rank - turn) * weight;
    if (turn < place.rank) this.seats.move(place, turn, place.order);
  }

  private unseat(waiting: Waiting<J>): Seat<J> {
    const seat = waiting.seat!;
    waiting.seat = undefined;
    seat.jobs.remove(waiting.place);
    this.jobCount--;
    return seat;
  }

  private leave(seat: Seat<J>, turn = seat.place.rank): void {
    const { weight } = seat;
    this.seats.remove(seat.place);
    this.siblings.left(seat);
    if (this.seats.size === 0) {
      // Nobody else wanted what it used, so nobody is owed anything, and the next round starts afresh.
      this.byTenant.clear();
      this.idle.clear();
      this.weightOfWaiting = 0;
      this.round = 0;
      this.owed = Math.min(0, this.owed);
      return;
    }
    this.weightOfWaiting -= weight;
    seat.place.rank = turn + Math.max(0, seat.correction) / weight;
    seat.correction = 0;
    this.idle.push(seat.place);
  }

  private seatOf(tenant: string, weight: number): Seat<J> {
    let seat = this.byTenant.get(tenant);
    if (!seat) {
      seat = new Seat<J>(this, tenant, weight, this.accounts++);
      this.byTenant.set(tenant, seat);
    }
    return seat;
  }
}
