import type { AttemptRecord } from '@penstock/contracts';
import { FairQueue, type Turn } from '@penstock/scheduling';
import { queuedJob, type QueuedSimulatedJob, type SimulatedJob } from '../load/simulated-job.js';
import { Fifo } from './fifo.js';
import type { Policy } from './policy.js';

/** Jobs of a lane that a router holds; the others stay on the server, in order of arrival. */
const WINDOW = 64;

interface ServerLane {
  readonly jobs: Fifo<SimulatedJob>;
  held: number;
}

/** Penstock's own scheduler, fed through windows as a router feeds it. */
export class FairPolicy implements Policy {
  readonly name = 'penstock';
  size = 0;
  private readonly queue = new FairQueue<QueuedSimulatedJob>();
  private readonly lanes = new Map<string, ServerLane>();
  private readonly turns = new Map<string, Turn<QueuedSimulatedJob, unknown>>();

  offer(job: SimulatedJob): void {
    const lane = this.laneOf(job);
    lane.jobs.push(job);
    this.size++;
    this.fill(lane);
  }

  /** As a router does it: a job it holds under lease goes straight back into its queue. */
  offerAgain(job: SimulatedJob, attempts: readonly AttemptRecord[]): void {
    const lane = this.laneOf(job);
    lane.held++;
    this.size++;
    this.queue.offer(queuedJob(job, attempts));
  }

  next(canRun: (job: SimulatedJob) => boolean, nowMs: number): SimulatedJob | undefined {
    const turn = this.queue.next(({ simulated }) => canRun(simulated) || undefined, nowMs);
    if (!turn) return undefined;
    const job = turn.job.simulated;
    this.turns.set(job.id, turn);
    this.left(job);
    return job;
  }

  opened(deployment: string): void {
    this.queue.open(deployment);
  }

  ended(job: SimulatedJob): void {
    const turn = this.turns.get(job.id);
    if (turn && job.actualCost !== undefined) this.queue.correct(turn, job.actualCost);
    this.turns.delete(job.id);
  }

  takeExpired(nowMs: number): readonly SimulatedJob[] {
    const expired = this.queue.takeExpired(nowMs).map(({ simulated }) => simulated);
    for (const job of expired) this.left(job);
    return expired;
  }

  private laneOf(job: SimulatedJob): ServerLane {
    const key = laneKey(job);
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { jobs: new Fifo(), held: 0 }));
    return lane;
  }

  private left(job: SimulatedJob): void {
    const lane = this.lanes.get(laneKey(job))!;
    lane.held--;
    this.size--;
    this.fill(lane);
    if (lane.held === 0) this.lanes.delete(laneKey(job));
  }

  private fill(lane: ServerLane): void {
    for (let job = lane.jobs.peek(); job && lane.held < WINDOW; job = lane.jobs.peek()) {
      lane.jobs.shift();
      lane.held++;
      this.queue.offer(queuedJob(job));
    }
  }
}

const laneKey = (job: SimulatedJob) => `${job.class}.${job.tenant}`;
