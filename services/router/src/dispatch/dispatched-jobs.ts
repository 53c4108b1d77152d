import type { AttemptRecord, Job, RunningRecord, WorkerHeartbeat } from '@penstock/contracts';
import type { Dispatch } from '@penstock/messaging';
import { FleetingMap } from '@penstock/resilience';
import type { Charge } from '@penstock/scheduling';
import { WORKER_SILENCE_MS } from '../credits/credit-book.js';

/** An attempt whose worker may have died, as far as it is known to who goes on with the job. */
export interface LostAttempt {
  readonly attemptId: string;
  readonly deployment: string;
  readonly worker: string;
  readonly dispatchedAtMs: number;
  /** The job's attempts before this one. */
  readonly history: readonly AttemptRecord[];
  /** Where its worker had a second attempt running beside it when it was last heard of. */
  readonly hedgedOn?: string;
}

/**
 * A dispatch as it is remembered: not the job itself, of which thousands a second would be held until the next
 * heartbeat and copied by the collector meanwhile.
 */
export interface SentDispatch extends LostAttempt {
  /** Counts what went to its worker. */
  readonly number: number;
  /** What its tenant was charged. */
  readonly charge: Charge;
}

/** A dispatch may be under way for so long to a worker that does not say how far it has read. */
const UNDER_WAY_MS = 2_000;

/** What a worker has not read for so long was lost on its way. */
const LOST_AFTER_MS = 30_000;

/** Between two heartbeats of a worker, and some time more: what was sent later to one that fell silent met nobody. */
const BEAT_MS = 1_500;

/** For how long jobs of a worker that fell silent are remembered: until their leases have long run out. */
const KEEP_MS = 120_000;

interface Sent {
  heardAtMs: number | undefined;
  /** How many dispatches went there. */
  count: number;
  readonly jobs: FleetingMap<string, SentDispatch>;
}

/**
 * What this router sent to workers and has not heard the end of: a job that is delivered again may have been run by a
 * worker that died, and this says in which attempt. It costs no message of its own. Workers name what they run with
 * every heartbeat, and how far they have read; what they have read and do not name any more has ended. So as many are
 * remembered as run or are under way. Time does not tell the two apart: a worker that had to wait for its processor beat
 * before it read what it had been sent two seconds ago, and the calls it then made were on no record when it was killed.
 */
export class DispatchedJobs {
  private readonly workers = new Map<string, Sent>();

  /** What the next dispatch to a worker is to be numbered. */
  nextNumber(worker: string): number {
    return ++this.of(worker).count;
  }

  sent(worker: string, dispatch: Dispatch, charge: Charge): void {
    const { job, attemptId, deployment, number, dispatchedAtMs } = dispatch;
    const sent = { attemptId, deployment, number, dispatchedAtMs, worker, history: job.attempts, charge };
    this.of(worker).jobs.set(key(job), sent);
  }

  /** The dispatch that an attempt was made by, if it is remembered. */
  find(job: Pick<Job, 'tenant' | 'id'>, attemptId: string): SentDispatch | undefined {
    for (const { jobs } of this.workers.values()) {
      const sent = jobs.get(key(job));
      if (sent?.attemptId === attemptId) return sent;
    }
    return undefined;
  }

  /** The job has come back from its worker. */
  ended(job: Job): void {
    for (const { jobs } of this.workers.values()) jobs.delete(key(job));
  }

  /** @param readUpTo The number of the last dispatch that the worker has read; undefined if it does not say. */
  heard(
    { worker, running, hedges = [] }: Pick<WorkerHeartbeat, 'worker' | 'running' | 'hedges'>,
    readUpTo: number | undefined,
    nowMs: number,
  ): void {
    const sent = this.of(worker);
    sent.heardAtMs = nowMs;
    const named = new Set(running);
    const hedgedOn = new Map(hedges.map((hedge) => [hedge.hedges, hedge.deployment]));
    for (const [job, one] of sent.jobs) {
      if (!named.has(one.attemptId) && isPast(one, readUpTo, nowMs)) sent.jobs.delete(job);
      else if (hedgedOn.size > 0 || one.hedgedOn !== undefined) noteHedge(sent, job, one, hedgedOn);
    }
  }

  /** Whether a worker that is alive may be running the job. */
  mayRun(job: Job, nowMs: number): boolean {
    for (const { jobs, heardAtMs } of this.workers.values()) {
      const sent = jobs.get(key(job));
      if (sent && nowMs - Math.max(heardAtMs ?? 0, sent.dispatchedAtMs) <= WORKER_SILENCE_MS) return true;
    }
    return false;
  }

  /**
   * The last dispatch of a job that nobody runs and that has no outcome, if its worker may have begun it. Forgets it.
   */
  takeLost(job: Job): SentDispatch | undefined {
    let last: SentDispatch | undefined;
    for (const { jobs, heardAtMs } of this.workers.values()) {
      const sent = jobs.get(key(job));
      jobs.delete(key(job));
      if (!sent || !mayHaveBegun(sent, heardAtMs)) continue;
      if (!last || sent.dispatchedAtMs > last.dispatchedAtMs) last = sent;
    }
    return last;
  }

  /** What the workers that have been silent for so long may have begun and not ended, by worker. */
  ofSilent(silentMs: number, nowMs: number): Map<string, RunningRecord[]> {
    const silent = new Map<string, RunningRecord[]>();
    for (const [worker, { heardAtMs, jobs }] of this.workers) {
      if (heardAtMs === undefined || nowMs - heardAtMs <= silentMs) continue;
      const begun = [...jobs].filter(([, sent]) => mayHaveBegun(sent, heardAtMs));
      silent.set(worker, begun.map(toRecord));
    }
    return silent;
  }

  prune(nowMs: number): void {
    for (const [worker, { heardAtMs }] of this.workers) {
      if (heardAtMs !== undefined && nowMs - heardAtMs > KEEP_MS) this.workers.delete(worker);
    }
  }

  private of(worker: string): Sent {
    let sent = this.workers.get(worker);
    if (!sent) {
      sent = { heardAtMs: undefined, count: 0, jobs: new FleetingMap() };
      this.workers.set(worker, sent);
    }
    return sent;
  }
}

/** Whether a dispatch that its worker does not name has been with it, or was lost. */
function isPast(
  { number, dispatchedAtMs }: SentDispatch,
  readUpTo: number | undefined,
  nowMs: number,
): boolean {
  const agoMs = nowMs - dispatchedAtMs;
  return readUpTo === undefined ? agoMs > UNDER_WAY_MS : number <= readUpTo || agoMs > LOST_AFTER_MS;
}

/** Whether its worker can have lived to read it; one that was never heard may have. */
function mayHaveBegun({ dispatchedAtMs }: SentDispatch, heardAtMs: number | undefined): boolean {
  return heardAtMs === undefined || dispatchedAtMs <= heardAtMs + BEAT_MS;
}

function noteHedge(
  sent: Sent,
  job: string,
  { hedgedOn: _, ...one }: SentDispatch,
  hedges: ReadonlyMap<string, string>,
): void {
  const hedgedOn = hedges.get(one.attemptId);
  sent.jobs.set(job, { ...one, ...(hedgedOn !== undefined && { hedgedOn }) });
}

function toRecord([name, sent]: readonly [string, SentDispatch]): RunningRecord {
  const [tenant = '', job = ''] = name.split(' ');
  const { attemptId, deployment, dispatchedAtMs, history, hedgedOn } = sent;
  return {
    ...{ tenant, job, attemptId, deployment, startedAtMs: dispatchedAtMs },
    ...(history.length > 0 && { history }),
    ...(hedgedOn !== undefined && { hedgedOn }),
  };
}

function key({ tenant, id }: Pick<Job, 'tenant' | 'id'>): string {
  return `${tenant} ${id}`;
}
