import { SUBJECT, type BreakerState } from '@penstock/contracts';
import {
  decodeDispatch,
  KvSnapshot,
  LeaseKeeper,
  listen,
  type Connection,
  type LeaseTimes,
} from '@penstock/messaging';
import type { Provider } from '@penstock/providers';
import type { Clock } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';
import { BreakerBoard, type BreakerOptions } from './breakers/breaker-board.js';
import { CapacityAnnouncer } from './capacity/capacity-announcer.js';
import { SlotBoard } from './capacity/slot-board.js';
import { HealthAnnouncer } from './health/health-announcer.js';
import { runDispatch, type WorkerParts } from './execution/run-dispatch.js';
import { RunningJobs } from './execution/running-jobs.js';
import type { WorkerDeployment } from './execution/worker-deployment.js';

export interface WorkerOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** This worker's id, a subject token, unique among the workers alive. */
  readonly worker: string;
  readonly deployments: readonly { readonly deployment: WorkerDeployment; readonly provider: Provider }[];
  readonly telemetry: Telemetry;
  readonly leaseMs?: LeaseTimes;
  readonly breaker?: BreakerOptions;
}

export interface RunningWorker {
  readonly running: number;
  /** Takes no more jobs, waits for those that run (at most `graceMs`), then lets go. What still runs comes again. */
  close(graceMs?: number): Promise<void>;
}

/** Calls at once to a deployment whose configuration sets no limit. */
const DEFAULT_CONCURRENCY = 64;

const BREAKER_LEVEL = { closed: 0, half_open: 1, open: 2 } as const;

interface BreakerNews {
  readonly state: BreakerState;
  readonly worker: string;
}

/** Starts a worker: from here on routers know its slots, and send it work. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, clock, worker, telemetry } = options;
  const onError = (error: unknown) => telemetry.logger.error({ err: error }, 'a step of the worker failed');
  const slots = new SlotBoard();
  for (const { deployment } of options.deployments) {
    slots.resize(deployment.id, deployment.limits.concurrency ?? DEFAULT_CONCURRENCY);
  }
  const running = new RunningJobs();
  const leases = new LeaseKeeper(connection, clock, options.leaseMs);

  const capacity = new CapacityAnnouncer(connection, clock, worker, slots);
  const figures = new HealthAnnouncer(connection, clock, worker);

  let health: KvSnapshot<BreakerNews> | undefined;
  const breakers = new BreakerBoard((deployment, state) => {
    slots.setBreaker(deployment, state);
    capacity.beat();
    if (state === 'open') telemetry.metrics.breakerOpenings.add(1, { deployment });
    telemetry.logger.warn({ deployment, state }, `the circuit breaker of ${deployment} is ${state}`);
    health?.put(deployment, { state, worker }).catch(onError);
  }, options.breaker);
  health = await KvSnapshot.open<BreakerNews>(connection, 'health', {
    ttlMs: 60_000,
    onChange: (deployment, news) => {
      if (news && news.worker !== worker) breakers.adopt(deployment, news.state);
    },
  });

  const parts: WorkerParts = {
    connection,
    clock,
    worker,
    deployments: new Map(options.deployments.map((target) => [target.deployment.id, target])),
    slots,
    capacity,
    figures,
    breakers,
    leases,
    running,
    telemetry,
  };
  const stops = [
    listen(connection, SUBJECT.work(worker), (message) => {
      const dispatch = decodeDispatch(message);
      if (dispatch) runDispatch(parts, dispatch).catch(onError);
    }),
    listen(connection, SUBJECT.cancel('*', '>'), ({ subject }) => {
      const [, tenant = '', ...job] = subject.split('.');
      running.cancel(tenant, job.join('.'));
    }),
    listen(connection, SUBJECT.inspect('*', '>'), (message) => {
      const [, tenant = '', ...job] = message.subject.split('.');
      const found = running.get(tenant, job.join('.'));
      if (!found) return;
      const { deployment, attemptId, startedAtMs } = found;
      message.respond(JSON.stringify({ state: 'running', deployment, attemptId, startedAtMs, worker }));
    }),
  ];

  telemetry.metrics.running.observe(() =>
    slots.health().map(({ deployment, running: count }) => [count, { deployment }]),
  );
  telemetry.metrics.breaker.observe(() =>
    slots.health().map(({ deployment, breaker }) => [BREAKER_LEVEL[breaker], { deployment }]),
  );

  return {
    get running() {
      return running.size;
    },
    async close(graceMs = 30_000) {
      capacity.drain();
      let cancelGrace: () => void = () => undefined;
      const grace = new Promise<void>((resolve) => (cancelGrace = clock.after(graceMs, resolve)));
      await Promise.race([running.whenIdle(), grace]);
      cancelGrace();
      for (const stop of stops) stop();
      capacity.close();
      figures.close();
      leases.close();
      breakers.close();
      health?.close();
      await Promise.all(options.deployments.map(({ provider }) => provider.close()));
    },
  };
}
