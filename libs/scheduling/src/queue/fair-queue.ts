import { PRIORITY_CLASSES, type Lane, type PriorityClass, type RouterPace } from '@penstock/contracts';
import { Agenda } from './agenda.js';
import { ClassQueue } from './class-queue.js';
import { DEFAULT_PATIENCE_MS, DEFAULT_RESERVE, type FairQueueOptions } from './fair-queue-options.js';
import type { Gate } from './gate.js';
import type { GateQueue } from './gate-queue.js';
import { Gates } from './gates.js';
import type { LaneWindow } from './lane-window.js';
import { Lanes, type LanePosition } from './lanes.js';
import type { QueuedJob } from './queued-job.js';
import { Waiting } from './waiting.js';

/** Added to the due time of a job that must end late, to put it behind all that need not. */
const LAST = 1e15;

/** A job whose turn it is, and what `canRun` said about it. */
export interface Turn<J extends QueuedJob, P> {
  readonly job: J;
  readonly pick: P;
  /** Whose account it was charged to; differs from the job's own class when it was promoted. */
  readonly charged: Lane;
  /** Which account of theirs that was. */
  readonly account: number;
  /** It went ahead of its class because its deadline is near. */
  readonly promoted: boolean;
  /** Where it waited: the same for all jobs that may run on the same deployments under the same terms. */
  readonly gate: string;
}

/** What a tenant was charged for a job, to be corrected when it is known what it cost. */
export interface Charge {
  readonly job: Pick<QueuedJob, 'cost' | 'runsOn' | 'terms'>;
  readonly charged: Lane;
  readonly account: number;
}

/** A gate where jobs of a class wait. */
export interface WaitingGate {
  readonly gate: string;
  readonly runsOn: readonly string[];
}

/** Where a job stands among those that want the same deployments. */
export interface GatePosition {
  readonly gate: string;
  /** Jobs that wait there beside it. */
  readonly others: number;
  /** Those of them that are expected to start before it: its tenant's, and the other tenants' fair part. Counted anew. */
  ahead(): number;
}

/**
 * Which waiting job goes next.
 *
 * 1. Classes in strict order, but for a reserve that each lower one is sure of wherever it has work.
 * 2. Within a class, weighted fair between tenants by cost (see `GateQueue`), corrected by real usage.
 * 3. Within a tenant, earliest deadline first, then order of acceptance.
 * 4. A job whose deadline is near is promoted to interactive, where it is charged to its tenant's account:
 *    a tenant that makes everything urgent hurts itself first. One that would end late even if it started now goes
 *    behind its tenant's others, so that under overload no capacity is spent on answers that come too late.
 *
 * It never leaves capacity idle while a job that could use it waits here. `next` costs O(log n) in the number
 * of tenants and jobs at one gate, and does not depend on how many wait for something else.
 * It holds no timer and reads no clock: the instant is given.
 */
export class FairQueue<J extends QueuedJob = QueuedJob> {
  private readonly gates = new Gates<J>((gate, priorityClass) => this.classes[priorityClass].at(gate));
  private readonly classes: Readonly<Record<PriorityClass, ClassQueue<J>>>;
  private readonly agenda: Agenda<J>;
  private readonly lanes: Lanes<J>;
  private readonly patienceMs: Readonly<Record<PriorityClass, number>>;
  private arrivals = 0;
  private expired: J[] = [];

  constructor(options: FairQueueOptions = {}) {
    this.patienceMs = { ...DEFAULT_PATIENCE_MS, ...options.patienceMs };
    this.lanes = new Lanes<J>(options);
    this.agenda = new Agenda<J>(options.promotionFactor ?? 3);
    const reserve = { ...DEFAULT_RESERVE, ...options.reserve };
    const reserved = PRIORITY_CLASSES.reduce((sum, priorityClass) => sum + reserve[priorityClass], 0);
    if (!(reserved < 1)) throw new RangeError('the reserves of all classes must stay below 1 together');
    const of = (priorityClass: PriorityClass) => new ClassQueue<J>(priorityClass, reserve[priorityClass]);
    this.classes = { interactive: of('interactive'), standard: of('standard'), batch: of('batch') };
  }

  /** Jobs that wait here. */
  get size(): number {
    return this.lanes.held;
  }

  /** Puts a job into its lane's window. False when a job with this id of this lane is already there. */
  offer(job: J): boolean {
    if (this.lanes.find(job.job, job.job.id)) return false;
    const home = this.lanes.of(job.job);
    const waiting = new Waiting<J>(job, home, this.dueMs(job, home), this.arrivals++);
    this.seat(waiting, this.gates.at(job).queues[job.job.class]);
    this.lanes.add(waiting);
    this.agenda.add(waiting);
    return true;
  }

  /** Takes a job out: cancelled, or no longer ours. */
  remove(lane: Lane, jobId: string): J | undefined {
    const waiting = this.lanes.find(lane, jobId);
    if (!waiting) return undefined;
    this.agenda.remove(waiting);
    this.unseat(waiting);
    this.lanes.remove(waiting);
    return waiting.job;
  }

  /**
   * The next job that can run at `nowMs`, taken out of the queue, or undefined when none can.
   *
   * @param canRun Asked about one job at a time, in order: where it runs, or undefined when none of the
   *   deployments in its `runsOn` has room. After that, no job with the same set is asked about until `open`
   *   is called for one of them.
   */
  next<P>(canRun: (job: J) => P | undefined, nowMs: number): Turn<J, P> | undefined {
    this.keepAppointments(nowMs);
    for (;;) {
      const queue = this.nextQueue();
      if (!queue) return undefined;
      const waiting = queue.head!;
      const pick = canRun(waiting.job);
      if (pick !== undefined) return this.take(queue, waiting, pick);
      this.setOpen(queue.gate, false);
    }
  }

  /** A deployment has room again: jobs that wait for it are asked about again. */
  open(deployment: string): void {
    for (const gate of this.gates.of(deployment)) if (!gate.open) this.setOpen(gate, true);
  }

  /** What a job that was taken by `next` cost in truth; the difference goes to its tenant's account. */
  correct({ job, charged, account }: Charge, actualCost: number): void {
    this.gates.find(job)?.queues[charged.class].correct(charged.tenant, account, actualCost - job.cost);
  }

  /** The jobs whose deadline has passed at `nowMs`, taken out of the queue. `next` never returns one. */
  takeExpired(nowMs: number): J[] {
    this.keepAppointments(nowMs);
    const { expired } = this;
    this.expired = [];
    return expired;
  }

  /** How many jobs of a lane are still on the server, as far as is known. */
  setPending(lane: Lane, count: number): void {
    this.lanes.setPending(lane, count);
  }

  /** A job that waits here. */
  find(lane: Lane, jobId: string): J | undefined {
    return this.lanes.find(lane, jobId)?.job;
  }

  /** Where a job stands; without an id, where one that joins the lane now would. Undefined when not here. */
  position(lane: Lane, jobId?: string): LanePosition | undefined {
    return this.lanes.position(lane, jobId);
  }

  /** Where a job stands at its gate, among the jobs of the class it goes with. Undefined when it is not here. */
  gatePosition(lane: Lane, jobId: string): GatePosition | undefined {
    const waiting = this.lanes.find(lane, jobId);
    const queue = waiting?.seat?.queue;
    return queue && { gate: queue.gate.key, others: queue.size - 1, ahead: () => queue.ahead(waiting) };
  }

  /** Jobs of a class that wait at a gate, those that were promoted to it included. */
  waitingAt(gate: string, priorityClass: PriorityClass): number {
    return this.gates.named(gate)?.queues[priorityClass].size ?? 0;
  }

  /** The gates where jobs of a class wait here, those that were promoted to it included. */
  *waitingGates(priorityClass: PriorityClass): IterableIterator<WaitingGate> {
    for (const { key, runsOn, queues } of this.gates) {
      if (queues[priorityClass].size > 0) yield { gate: key, runsOn };
    }
  }

  /** The jobs that wait here, of one class or of all. The queue may be changed between two steps. */
  *jobs(priorityClass?: PriorityClass): IterableIterator<J> {
    yield* this.lanes.jobs(priorityClass);
  }

  /**
   * Jobs waiting here that could use a slot, by deployment, of one class or of all. A job that could run on two counts
   * for both.
   */
  wanted(priorityClass?: PriorityClass): Record<string, number> {
    const wanted: Record<string, number> = {};
    if (priorityClass && this.lanes.backlogOf(priorityClass) === 0) return wanted;
    for (const gate of this.gates) {
      const count = priorityClass ? gate.queues[priorityClass].size : gate.size;
      if (count === 0) continue;
      for (const deployment of gate.runsOn) wanted[deployment] = (wanted[deployment] ?? 0) + count;
    }
    return wanted;
  }

  /** By class, how many jobs wait here and on the server, and the weight of their tenants together. Costs nothing. */
  get backlog(): RouterPace['waiting'] {
    return this.lanes.backlog;
  }

  /** Whether a job of the class waits, here or on the server. Costs nothing. */
  hasWaiting(priorityClass: PriorityClass): boolean {
    return this.lanes.backlogOf(priorityClass) > 0;
  }

  private nextQueue(): GateQueue<J> | undefined {
    for (const priorityClass of PRIORITY_CLASSES) {
      const owed = this.classes[priorityClass].firstOwed;
      if (owed) return owed;
    }
    for (const priorityClass of PRIORITY_CLASSES) {
      const first = this.classes[priorityClass].first;
      if (first) return first;
    }
    return undefined;
  }

  private take<P>(queue: GateQueue<J>, waiting: Waiting<J>, pick: P): Turn<J, P> {
    const { cost } = waiting.job;
    const { priorityClass, gate } = queue;
    if (queue.owed > 0) queue.owed -= cost;
    this.classes[priorityClass].charge(queue, cost);
    const account = queue.serve(waiting);
    this.classes[priorityClass].place(queue);
    for (const other of PRIORITY_CLASSES) {
      // A promoted job is its own class's work as well, which must not then be owed for it.
      if (other === priorityClass || other === waiting.home.lane.class) continue;
      this.classes[other].owe(gate.queues[other], cost);
    }
    this.agenda.remove(waiting);
    this.lanes.remove(waiting);
    return {
      job: waiting.job,
      pick,
      charged: { class: priorityClass, tenant: waiting.job.job.tenant },
      account,
      promoted: priorityClass !== waiting.job.job.class,
      gate: gate.key,
    };
  }

  private keepAppointments(nowMs: number): void {
    for (let due = this.agenda.due(nowMs); due; due = this.agenda.due(nowMs)) {
      const { waiting, what } = due;
      const { gate } = this.unseat(waiting);
      if (what === 'expire') {
        this.lanes.remove(waiting);
        this.expired.push(waiting.job);
      } else if (what === 'promote') this.seat(waiting, gate.queues.interactive);
      else {
        waiting.place.rank += LAST;
        this.seat(waiting, gate.queues[waiting.home.lane.class]);
      }
    }
  }

  /** By when a job is due among its tenant's jobs. */
  private dueMs({ job }: J, home: LaneWindow<J>): number {
    if (job.deadlineMs !== undefined) return job.deadlineMs;
    const dueMs = job.acceptedAtMs + this.patienceMs[job.class];
    // One that was tried goes behind those that were not: else the oldest job of all would be the one to find out
    // that a provider is still down, again and again.
    if (job.attempts.length > 0) return Math.max(dueMs, home.latestDueMs);
    home.latestDueMs = Math.max(home.latestDueMs, dueMs);
    return dueMs;
  }

  private seat(waiting: Waiting<J>, queue: GateQueue<J>): void {
    const { tenant } = waiting.home.lane;
    queue.add(waiting, tenant, waiting.home.weight);
    this.classes[queue.priorityClass].place(queue);
  }

  private unseat(waiting: Waiting<J>): GateQueue<J> {
    const { queue } = waiting.seat!;
    queue.remove(waiting);
    this.classes[queue.priorityClass].place(queue);
    return queue;
  }

  private setOpen(gate: Gate<J>, open: boolean): void {
    gate.open = open;
    for (const priorityClass of PRIORITY_CLASSES)
      this.classes[priorityClass].place(gate.queues[priorityClass]);
  }
}
