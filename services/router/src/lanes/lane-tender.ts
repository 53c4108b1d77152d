import { PRIORITY_CLASSES, SUBJECT, parseLane, type Lane, type PriorityClass } from '@penstock/contracts';
import {
  LaneReader,
  laneDepths,
  listen,
  type Connection,
  type JobDelivery,
  type LeaseTimes,
} from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { LaneWindow, type LaneWindowOptions } from './lane-window.js';
import { jobsPending, messageRoom, type TendedLane } from './tended-lane.js';

export interface LaneTenderOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly leaseMs?: LeaseTimes;
  readonly window?: LaneWindowOptions;
  readonly onJob: (delivery: JobDelivery) => void;
  /** The lane has about so many jobs that nobody has pulled yet. */
  readonly onPending: (lane: Lane, count: number) => void;
  readonly onError: (error: unknown) => void;
}

/** How often the streams themselves are asked which lanes have work, in case a bell was missed. */
const RECONCILE_MS = 2_000;

/** Consumers made at the same time. Thousands asked for at once would all have their answers too late. */
const OPENINGS = 32;

/** A lane that has jobs, asked for them and got none for so long may have asked a server that is cut off. */
const STILL_MS = 4_000;

/** Lanes that stand still, looked into with one reconciliation: those that stand longest. */
const CHECKS = 32;

/** How long lanes rest of which there are thousands. */
const REST_MS = 100;

/** A lane that has been empty for so long is no longer tended; its next job rings it up again. */
const IDLE_MS = 60_000;

/**
 * Keeps the lanes that have work, and asks the server for as many of their jobs as this router has use for.
 *
 * A tended lane always has a pull open, so that a new job comes in the moment it is stored and not after a
 * round trip. A lane nobody tends announces itself by the bell that the server rings for every stored job.
 */
export class LaneTender {
  private readonly lanes = new Map<string, TendedLane>();
  private readonly reader: LaneReader;
  private readonly stops: (() => void)[];
  private readonly window: LaneWindow;
  private readonly resting: TendedLane[] = [];
  private draining = false;
  private readonly unopened: TendedLane[] = [];
  private beingOpened = 0;
  /** Messages stored before this instant may have been delivered before by a consumer that is gone. */
  private suspectBeforeMs: number;

  constructor(private readonly options: LaneTenderOptions) {
    const { connection, clock } = options;
    this.suspectBeforeMs = clock.nowMs();
    this.window = new LaneWindow(options.window);
    this.reader = new LaneReader(connection, {
      clock,
      onMessage: (lane, jobs, pending) => this.arrived(lane, jobs, pending),
      onJob: (delivery) => this.delivered(delivery),
      onPullEnded: (lane, unfilled) => this.pullEnded(lane, unfilled),
      ...(options.leaseMs && { leaseMs: options.leaseMs }),
    });
    connection.onReconnect(() => (this.suspectBeforeMs = clock.nowMs()));
    this.stops = [
      listen(connection, SUBJECT.bell, ({ subject }) => this.rung(subject)),
      clock.every(RECONCILE_MS, () => void this.reconcile().catch(options.onError)),
    ];
    void this.reconcile().catch(options.onError);
  }

  /** Lanes tended now. */
  get size(): number {
    return this.lanes.size;
  }

  /** Lanes tended now and the jobs that wait in them, by class. */
  depths(): Record<PriorityClass, { lanes: number; jobs: number }> {
    const none = () => ({ lanes: 0, jobs: 0 });
    const depths = { interactive: none(), standard: none(), batch: none() };
    for (const tended of this.lanes.values()) {
      const { lane, held } = tended;
      const jobs = held + jobsPending(tended);
      if (jobs === 0) continue;
      depths[lane.class].lanes++;
      depths[lane.class].jobs += jobs;
    }
    return depths;
  }

  /** Whether a delivery may be of a job that was run before: then its outcome has to be looked for. */
  isSuspect(delivery: JobDelivery): boolean {
    return delivery.deliveries > 1 || delivery.storedAtMs < this.suspectBeforeMs;
  }

  /** A job of the lane has come back into this router's queue from elsewhere. */
  taken(lane: Lane): void {
    const tended = this.lanes.get(SUBJECT.lane(lane));
    if (!tended) return;
    tended.held++;
    this.window.count(tended);
  }

  /** A job of the lane has left this router's queue: there is room for another. */
  released(lane: Lane): void {
    const tended = this.lanes.get(SUBJECT.lane(lane));
    if (!tended || tended.held === 0) return;
    tended.held--;
    this.window.count(tended);
    this.topUp(tended);
  }

  /** Asks for no more. */
  drain(): void {
    this.draining = true;
    for (const stop of this.stops) stop();
  }

  close(): void {
    this.reader.close();
  }

  private rung(subject: string): void {
    const key = subject.slice('bell.'.length);
    const tended = this.lanes.get(key);
    if (!tended) {
      const lane = parseLane(subject);
      if (lane) this.tend(lane, 1);
      return;
    }
    // A pull is open: the job is on its way already, and its delivery says how many are behind it.
    if (tended.outstanding > 0) return;
    tended.pending++;
    this.window.count(tended);
    this.options.onPending(tended.lane, jobsPending(tended));
    this.topUp(tended);
  }

  private tend(lane: Lane, pending: number): void {
    const key = SUBJECT.lane(lane);
    const tended: TendedLane = {
      lane,
      ready: false,
      opening: false,
      outstanding: 0,
      jobsEach: undefined,
      held: 0,
      pending,
      busy: false,
      resting: false,
      activeAtMs: this.options.clock.nowMs(),
      movedAtMs: this.options.clock.monotonicMs(),
    };
    this.lanes.set(key, tended);
    this.window.count(tended);
    this.options.onPending(lane, pending);
    this.open(tended);
  }

  private open(tended: TendedLane): void {
    if (tended.opening || this.draining) return;
    tended.opening = true;
    this.unopened.push(tended);
    this.openNext();
  }

  private openNext(): void {
    while (this.beingOpened < OPENINGS) {
      const tended = this.unopened.shift();
      if (!tended) return;
      this.beingOpened++;
      this.reader
        .ensure(tended.lane)
        .then(() => {
          tended.ready = true;
          this.topUp(tended);
        })
        .catch(this.options.onError)
        .finally(() => {
          tended.opening = false;
          this.beingOpened--;
          this.openNext();
        });
    }
  }

  private arrived(lane: Lane, jobs: number, pending: number): void {
    const tended = this.lanes.get(SUBJECT.lane(lane));
    if (!tended) return;
    tended.outstanding = Math.max(0, tended.outstanding - 1);
    tended.held += jobs;
    tended.activeAtMs = this.options.clock.nowMs();
    tended.movedAtMs = this.options.clock.monotonicMs();
    if (tended.pending !== pending || tended.jobsEach !== jobs) {
      tended.pending = pending;
      tended.jobsEach = Math.max(1, jobs);
      this.options.onPending(tended.lane, jobsPending(tended));
    }
    this.window.count(tended);
  }

  private delivered(delivery: JobDelivery): void {
    this.options.onJob(delivery);
    const tended = this.lanes.get(SUBJECT.lane(delivery.lane));
    if (tended) this.topUp(tended);
  }

  private pullEnded(lane: Lane, unfilled: number): void {
    const tended = this.lanes.get(SUBJECT.lane(lane));
    if (!tended || unfilled === 0) return;
    tended.outstanding = Math.max(0, tended.outstanding - unfilled);
    tended.ready = false;
    this.open(tended);
  }

  /** Asks in halves of the window, not job by job; an idle lane's pull stays open for whatever comes. */
  private topUp(tended: TendedLane, rested = false): void {
    if (!tended.ready || this.draining) return;
    const { target, room } = messageRoom(tended, this.window.size);
    if (room <= 0 || (tended.outstanding > 0 && room < target / 2)) return;
    if (target === 1 && !rested && tended.lane.class !== 'interactive') return this.rest(tended);
    tended.outstanding += room;
    tended.movedAtMs = this.options.clock.monotonicMs();
    this.reader.pull(tended.lane, room);
  }

  /**
   * Where each lane has but one job here there are thousands to go on with, and lanes are asked together. By then a short
   * job has ended, which is cheaper than with the next under lease: the server walks over all messages between the two.
   */
  private rest(tended: TendedLane): void {
    if (tended.resting) return;
    tended.resting = true;
    if (this.resting.push(tended) > 1) return;
    this.options.clock.after(REST_MS, () => {
      for (const rested of this.resting.splice(0)) {
        rested.resting = false;
        if (this.lanes.get(SUBJECT.lane(rested.lane)) === rested) this.topUp(rested, true);
      }
    });
  }

  /** Holds what is tended against what the streams say. */
  private async reconcile(): Promise<void> {
    if (!this.options.connection.connected) return;
    const nowMs = this.options.clock.nowMs();
    const withJobs: TendedLane[] = [];
    for (const priorityClass of PRIORITY_CLASSES) {
      const depths = await laneDepths(this.options.connection, priorityClass);
      for (const [key, { lane, depth }] of depths) {
        const tended = this.lanes.get(key);
        if (!tended) this.tend(lane, depth);
        else {
          tended.activeAtMs = nowMs;
          withJobs.push(tended);
        }
      }
    }
    await this.checkThoseThatStandStill(withJobs);
    for (const [key, tended] of this.lanes) {
      if (!tended.ready) this.open(tended);
      if (tended.held > 0 || nowMs - tended.activeAtMs < IDLE_MS) continue;
      this.lanes.delete(key);
      this.window.forget(tended);
      this.options.onPending(tended.lane, 0);
      await this.reader.remove(tended.lane);
    }
  }

  /** Most of them have jobs that run for long, and none that wait: the server knows. */
  private async checkThoseThatStandStill(withJobs: readonly TendedLane[]): Promise<void> {
    const nowMs = this.options.clock.monotonicMs();
    const still = withJobs
      .filter(
        ({ outstanding, held, movedAtMs }) => outstanding > 0 && held === 0 && nowMs - movedAtMs >= STILL_MS,
      )
      .sort((one, other) => one.movedAtMs - other.movedAtMs)
      .slice(0, CHECKS);
    await Promise.all(
      still.map(async (tended) => {
        tended.movedAtMs = nowMs;
        await this.reader.checkPulls(tended.lane);
      }),
    );
  }
}
