import type { AttemptRecord, FailureReason } from '@penstock/contracts';
import type { Flight, Random } from '@penstock/resilience';
import { decideNext } from '@penstock/scheduling';
import { queuedJob, runsOn, type SimulatedJob } from '../load/simulated-job.js';
import type { Policy } from '../policies/policy.js';
import type { Measurements } from './measurements.js';
import { SimulatedClock } from './simulated-clock.js';
import { SimulatedDeployment, type DeploymentPlan } from './simulated-deployment.js';

/** How long a provider takes to say no, and to fail. */
const REFUSAL_MS = 50;
const FAILURE_MS = 200;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface SimulationPlan {
  readonly policy: Policy;
  readonly deployments: readonly DeploymentPlan[];
  readonly arrivals: Generator<SimulatedJob>;
  /** Ends here, or when all is done if that comes first. */
  readonly untilMs: number;
  readonly measurements: Measurements;
  readonly random: Random;
}

/**
 * A load on some deployments under one policy, event by event. Who goes next is the policy's; how many calls a
 * deployment takes is found by `AimdLimit`, and what becomes of a failed job is decided by `decideNext`, as on a
 * running system.
 */
export class Simulation {
  private readonly clock = new SimulatedClock();
  private readonly deployments: readonly SimulatedDeployment[];
  private readonly byId: ReadonlyMap<string, SimulatedDeployment>;
  private readonly attempts = new Map<string, AttemptRecord[]>();
  private readonly waitingFor = new Map<string, number>();
  private unfinished = 0;
  private arrivalsDone = false;

  constructor(private readonly plan: SimulationPlan) {
    this.deployments = plan.deployments.map(
      (one) => new SimulatedDeployment(one, this.clock, (deployment) => this.roomAt(deployment)),
    );
    this.byId = new Map(this.deployments.map((one) => [one.id, one]));
  }

  run(): Measurements {
    const { measurements, untilMs } = this.plan;
    this.clock.every(1_000, () => this.observeSecond());
    this.clock.every(MINUTE_MS, () => this.observeMinute());
    this.clock.every(HOUR_MS, () => measurements.hourPassed());
    this.nextArrival();
    while (this.clock.step(untilMs) && !(this.arrivalsDone && this.unfinished === 0));
    return measurements;
  }

  private nextArrival(): void {
    for (;;) {
      const { value: job, done } = this.plan.arrivals.next();
      if (done) {
        this.arrivalsDone = true;
        return this.dispatch();
      }
      if (job.atMs > this.clock.nowMs()) {
        this.dispatch();
        return this.clock.at(job.atMs, () => {
          this.accept(job);
          this.nextArrival();
        });
      }
      this.accept(job);
    }
  }

  private accept(job: SimulatedJob): void {
    this.unfinished++;
    this.plan.measurements.accepted(job);
    this.countWaiting(job, 1);
    this.plan.policy.offer(job);
  }

  private dispatch(): void {
    const { policy, measurements } = this.plan;
    const nowMs = this.clock.nowMs();
    const canRun = (job: SimulatedJob) => this.roomFor(job) !== undefined;
    for (let job = policy.next(canRun, nowMs); job; job = policy.next(canRun, nowMs)) {
      this.countWaiting(job, -1);
      if (!this.attempts.has(job.id)) measurements.started(job, nowMs - job.atMs);
      this.start(job, this.roomFor(job)!);
    }
    for (const job of policy.takeExpired(nowMs)) {
      this.countWaiting(job, -1);
      if (this.attempts.has(job.id)) measurements.late[job.class]++;
      else measurements.gaveUp(job);
      this.unfinished--;
    }
  }

  private start(job: SimulatedJob, deployment: SimulatedDeployment): void {
    const { measurements } = this.plan;
    const flight = deployment.limit.tryStart()!;
    deployment.underWay++;
    measurements.calls++;
    const { capacity } = deployment;
    if (capacity === 0) {
      this.clock.at(this.clock.nowMs() + FAILURE_MS, () =>
        this.failed(job, deployment, flight, 'server_error'),
      );
    } else if (deployment.busy >= capacity) {
      this.clock.at(this.clock.nowMs() + REFUSAL_MS, () =>
        this.failed(job, deployment, flight, 'rate_limited'),
      );
    } else {
      deployment.busy++;
      this.clock.at(this.clock.nowMs() + job.serviceMs!, () => this.succeeded(job, deployment, flight));
    }
  }

  private succeeded(job: SimulatedJob, deployment: SimulatedDeployment, flight: Flight): void {
    const { policy, measurements } = this.plan;
    flight.succeeded();
    deployment.busy--;
    deployment.underWay--;
    deployment.breaker.record(true);
    policy.ended(job);
    this.attempts.delete(job.id);
    this.unfinished--;
    measurements.served++;
    if (this.clock.nowMs() > (job.deadlineMs ?? Infinity)) measurements.late[job.class]++;
    this.roomAt(deployment);
  }

  private failed(
    job: SimulatedJob,
    deployment: SimulatedDeployment,
    flight: Flight,
    reason: FailureReason,
  ): void {
    const { measurements, random } = this.plan;
    const nowMs = this.clock.nowMs();
    deployment.underWay--;
    if (reason === 'rate_limited') {
      flight.overloaded();
      measurements.refused++;
    } else {
      flight.ended();
      measurements.failed++;
      deployment.breaker.record(false);
    }
    const attempts = this.attempts.get(job.id) ?? [];
    attempts.push(attemptRecord(job, attempts.length + 1, deployment.id, nowMs, reason));
    const step = decideNext({
      job: queuedJob(job, attempts).job,
      failure: { reason, message: reason },
      answerBegun: false,
      candidates: runsOn(job).map((id) => ({
        deployment: id,
        model: 'model',
        breaker: this.byId.get(id)!.breaker.state,
        withinRetryBudget: true,
      })),
      nowMs,
      random,
    });
    if (step.forgiven) attempts[attempts.length - 1] = { ...attempts.at(-1)!, forgiven: true };
    this.attempts.set(job.id, attempts);
    if (step.kind === 'retry') this.offerAgain(job);
    else if (step.kind === 'wait') this.clock.at(nowMs + step.delayMs, () => this.offerAgain(job));
    else {
      this.unfinished--;
      if (step.kind === 'expire') measurements.late[job.class]++;
      else if (step.kind === 'fail') measurements.turnedAway++;
      else measurements.deadLettered++;
      this.attempts.delete(job.id);
    }
    this.roomAt(deployment);
  }

  private offerAgain(job: SimulatedJob): void {
    this.countWaiting(job, 1);
    this.plan.policy.offerAgain(job, this.attempts.get(job.id) ?? []);
    this.dispatch();
  }

  private roomAt(deployment: SimulatedDeployment): void {
    this.plan.policy.opened(deployment.id);
    this.dispatch();
  }

  private roomFor(job: SimulatedJob): SimulatedDeployment | undefined {
    for (const id of runsOn(job)) {
      const deployment = this.byId.get(id)!;
      if (deployment.hasRoom) return deployment;
    }
    return undefined;
  }

  private countWaiting(job: SimulatedJob, change: number): void {
    for (const id of runsOn(job)) this.waitingFor.set(id, (this.waitingFor.get(id) ?? 0) + change);
  }

  private observeSecond(): void {
    for (const deployment of this.deployments) {
      const { capacity, busy, id } = deployment;
      if (capacity === 0) continue;
      const wanted = Math.min(capacity, busy + (this.waitingFor.get(id) ?? 0));
      this.plan.measurements.wantedSeconds += wanted;
      this.plan.measurements.busySeconds += Math.min(busy, capacity);
    }
  }

  private observeMinute(): void {
    const { measurements, policy } = this.plan;
    const by = (figure: (deployment: SimulatedDeployment) => number) =>
      Object.fromEntries(this.deployments.map((one) => [one.id, figure(one)]));
    measurements.minutes.push({
      atMs: this.clock.nowMs(),
      waiting: policy.size,
      busy: by(({ busy }) => busy),
      capacity: by(({ capacity }) => capacity),
      limit: by(({ limit }) => limit.limit),
      calls: measurements.calls,
      refused: measurements.refused,
      failed: measurements.failed,
      served: measurements.served,
    });
  }
}

function attemptRecord(
  job: SimulatedJob,
  number: number,
  deployment: string,
  atMs: number,
  reason: FailureReason,
): AttemptRecord {
  return {
    id: `${job.id}~${number}`,
    number,
    deployment,
    provider: 'provider',
    upstreamModel: 'model',
    worker: 'worker',
    startedAtMs: atMs,
    endedAtMs: atMs,
    failure: { reason, message: reason },
  };
}
