import { SUBJECT, type BreakerState, type ReadReport } from '@penstock/contracts';
import {
  CancelledJobs,
  decodeDispatch,
  KvSnapshot,
  LeaseKeeper,
  listen,
  type Connection,
  type Inspection,
  type LeaseTimes,
} from '@penstock/messaging';
import { HedgeBudget, type Clock } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';
import { NO_RULES, type RuleBook } from '@penstock/transforms';
import { BreakerBoard, type BreakerOptions } from './breakers/breaker-board.js';
import type { CapacityAnnouncer } from './capacity/capacity-announcer.js';
import { openCapacity, type WorkerTarget } from './capacity/open-capacity.js';
import { HealthAnnouncer } from './health/health-announcer.js';
import { ServedApis } from './health/served-apis.js';
import { runDispatch } from './execution/run-dispatch.js';
import { keepRunningOnRecord } from './execution/keep-running-on-record.js';
import { RunningJobs } from './execution/running-jobs.js';
import type { WorkerParts } from './execution/worker-parts.js';

export interface WorkerOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** This worker's id, a subject token, unique among the workers alive. */
  readonly worker: string;
  readonly deployments: readonly WorkerTarget[];
  readonly telemetry: Telemetry;
  /** What requests and answers are transformed by. Default nothing. */
  readonly rules?: RuleBook;
  readonly leaseMs?: LeaseTimes;
  readonly breaker?: BreakerOptions;
}

export interface RunningWorker {
  readonly running: number;
  /** Takes no more jobs, waits for those that run (at most `graceMs`), then lets go. What still runs comes again. */
  close(graceMs?: number): Promise<void>;
}

/** For how long a dispatch may be under way to this worker while its job is cancelled. */
const DISPATCH_UNDER_WAY_MS = 5_000;

const BREAKER_LEVEL = { closed: 0, half_open: 1, open: 2 } as const;

interface BreakerNews {
  readonly state: BreakerState;
  readonly worker: string;
}

/** Starts a worker: from here on routers know its slots, and send it work. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, clock, worker, telemetry } = options;
  const onError = (error: unknown) => telemetry.logger.error({ err: error }, 'a step of the worker failed');
  const { deployments: targets } = options;
  const room = await openCapacity({ connection, clock, worker, targets, onError });
  const { slots } = room;
  const running = new RunningJobs();
  const hedgeBudgets = new Map<string, HedgeBudget>();
  const cancelled = new CancelledJobs(clock, DISPATCH_UNDER_WAY_MS);
  const leases = new LeaseKeeper(connection, clock, options.leaseMs);

  const figures = new HealthAnnouncer(connection, clock, worker);
  let capacity: CapacityAnnouncer | undefined;
  let health: KvSnapshot<BreakerNews> | undefined;
  const breakers = new BreakerBoard(
    clock,
    (deployment, state) => {
      slots.setBreaker(deployment, state);
      capacity?.beat();
      if (state === 'open') telemetry.metrics.breakerOpenings.add(1, { deployment });
      telemetry.logger.warn({ deployment, state }, `the circuit breaker of ${deployment} is ${state}`);
      health?.put(deployment, { state, worker }).catch(onError);
    },
    options.breaker,
  );
  health = await KvSnapshot.open<BreakerNews>(connection, 'health', {
    ttlMs: 60_000,
    onChange: (deployment, news) => {
      if (news && news.worker !== worker) breakers.adopt(deployment, news.state);
    },
  });

  // From here on work comes, as soon as this turn is over: whoever takes it must be there by then.
  const announcer = room.announce(running);
  capacity = announcer;
  const parts: WorkerParts = {
    connection,
    clock,
    worker,
    deployments: new Map(targets.map((target) => [target.deployment.id, target])),
    slots,
    capacity: announcer,
    figures,
    served: new ServedApis(clock),
    breakers,
    leases,
    running,
    cancelled,
    rules: options.rules ?? NO_RULES,
    hedgeBudget: (model) => {
      const known = hedgeBudgets.get(model) ?? new HedgeBudget();
      hedgeBudgets.set(model, known);
      return known;
    },
    telemetry,
  };
  const stopRecording = keepRunningOnRecord({ connection, clock, worker, running });
  const stops = [
    listen(connection, SUBJECT.work(worker), (message) => {
      const dispatch = decodeDispatch(message);
      if (!dispatch) return;
      runDispatch(parts, dispatch).catch(onError);
      running.noteRead(dispatch.router, dispatch.number);
    }),
    listen(connection, SUBJECT.cancel('*', '>'), ({ subject }) => {
      const [, tenant = '', ...job] = subject.split('.');
      if (!running.cancel(tenant, job.join('.'))) cancelled.add(tenant, job.join('.'));
    }),
    listen(connection, SUBJECT.read('*', '>'), (message) => {
      const [, tenant = '', ...job] = message.subject.split('.');
      running.get(tenant, job.join('.'))?.window.heard(message.json<ReadReport>());
    }),
    listen(connection, SUBJECT.inspect('*', '>'), (message) => {
      const [, tenant = '', ...job] = message.subject.split('.');
      const found = running.get(tenant, job.join('.'));
      if (!found) return;
      const { deployment, attemptId, startedAtMs, skipped, history, hedge } = found;
      const inspection: Inspection = {
        state: 'running',
        deployment,
        attemptId,
        startedAtMs,
        worker,
        history,
        ...(skipped && { skipped }),
        ...(hedge && hedge.deployment !== deployment && { hedge: hedge.deployment }),
      };
      message.respond(JSON.stringify(inspection));
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
      announcer.drain();
      let cancelGrace: () => void = () => undefined;
      const grace = new Promise<void>((resolve) => (cancelGrace = clock.after(graceMs, resolve)));
      await Promise.race([running.whenIdle(), grace]);
      cancelGrace();
      for (const stop of stops) stop();
      announcer.close();
      figures.close();
      await stopRecording();
      await room.leave();
      leases.close();
      breakers.close();
      health?.close();
      const providers = targets.flatMap(({ provider, credentials = [] }) => [
        provider,
        ...credentials.map((credential) => credential.provider),
      ]);
      await Promise.all([...new Set(providers)].map((provider) => provider.close()));
    },
  };
}
