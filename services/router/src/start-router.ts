import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { refusal, SUBJECT } from '@penstock/contracts';
import {
  CancelledJobs,
  decodeReturned,
  EventRoom,
  JetStreamStrategy,
  lease,
  LeaseKeeper,
  listen,
  readRunning,
  takeLeases,
  type Connection,
  type LeaseTimes,
} from '@penstock/messaging';
import { RetryBudget, type Clock, type MakeId, type Random } from '@penstock/resilience';
import {
  DEFAULT_RETRY_POLICY,
  FairQueue,
  HealthBook,
  policyOf,
  RouteCatalogue,
  ServiceRates,
  StartRate,
  type DeploymentProfile,
  type FairQueueOptions,
  type RoutedModel,
} from '@penstock/scheduling';
import { nestLogger, type Telemetry } from '@penstock/telemetry';
import { NO_RULES, type RuleBook } from '@penstock/transforms';
import { takeDelivery } from './admission/take-delivery.js';
import { takeEarly } from './admission/take-early.js';
import { TenantRegister, type WeightedTenant } from './admission/tenant-register.js';
import { announceRouter } from './credits/announce-router.js';
import { CreditBook } from './credits/credit-book.js';
import { dispatchJobs } from './dispatch/dispatch-jobs.js';
import { DispatchedJobs } from './dispatch/dispatched-jobs.js';
import type { HeldJob } from './dispatch/held-job.js';
import type { RouterParts } from './dispatch/router-parts.js';
import { LaneTender } from './lanes/lane-tender.js';
import { endHeldJob } from './outcome/end-held-job.js';
import { inspectQueued } from './queue/inspect-queued.js';
import { refuseHopeless } from './queue/refuse-hopeless.js';
import { keepSilentOnRecord } from './retry/keep-silent-on-record.js';
import { LostAttempts } from './retry/lost-attempts.js';
import { takeReturned } from './retry/take-returned.js';
import { LiveStates } from './routing/live-states.js';
import { observeRouter } from './observe-router.js';
import { RouterModule } from './router.module.js';

export interface RouterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  /** This router's id, a subject token, unique among the routers alive. */
  readonly router: string;
  readonly models: readonly RoutedModel[];
  readonly deployments: readonly DeploymentProfile[];
  readonly tenants: readonly WeightedTenant[];
  /** The presets that requests may name, and whose conversations are trimmed. Default none. */
  readonly rules?: RuleBook;
  readonly telemetry: Telemetry;
  readonly leaseMs?: LeaseTimes;
  /** How long an interactive job may wait to start before it is refused. Default 30,000. */
  readonly startWithinMs?: number;
  /** The share that a class is sure of while more urgent ones have work. Default 0.05 for standard and batch. */
  readonly reserve?: NonNullable<FairQueueOptions['reserve']>;
}

export interface RunningRouter {
  /** Gives back every job it holds, and stops. */
  close(): Promise<void>;
}

/** How often deadlines and the bound on waiting are looked at when nothing else happens. */
const SWEEP_MS = 250;

/** Starts a router: from here on lanes are worked off wherever there is room. */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { connection, clock, telemetry } = options;
  const onError = (error: unknown) => telemetry.logger.error({ err: error }, 'a step of the router failed');
  const tenants = new TenantRegister(options.tenants);
  const models = new RouteCatalogue(options.models, options.deployments, policyOf(options.tenants));
  const queue = new FairQueue<HeldJob>({
    weightOf: (tenant) => tenants.weight(tenant),
    ...(options.reserve && { reserve: options.reserve }),
  });
  const credits = new CreditBook(options.router);
  const startedAtMs = clock.nowMs();
  const dispatched = new DispatchedJobs();
  const health = new HealthBook();
  const startWithinMs = options.startWithinMs ?? 30_000;
  const budgets = new Map<string, RetryBudget>();
  const cancelled = new CancelledJobs(clock);
  const eventRoom = new EventRoom(connection, clock, (open) => {
    telemetry.logger.warn(
      { open },
      open ? 'events have room again' : 'EVENTS is nearly full: no job is dispatched',
    );
    if (open) dispatchJobs(parts);
  });
  const parts: RouterParts = {
    cancelled,
    eventRoom,
    connection,
    clock,
    random: options.random,
    makeId: options.makeId,
    router: options.router,
    models,
    tenants,
    rules: options.rules ?? NO_RULES,
    queue,
    credits,
    dispatched,
    lost: new LostAttempts({
      clock,
      dispatched,
      credits,
      readRecords: () => readRunning(connection),
      listeningSinceMs: () => Math.max(startedAtMs, connection.reconnectedAtMs),
    }),
    health,
    states: new LiveStates(health, credits, clock),
    starts: new StartRate(),
    rates: new ServiceRates(),
    retryPolicy: { ...DEFAULT_RETRY_POLICY, startWithinMs: { interactive: startWithinMs } },
    leases: new LeaseKeeper(connection, clock, options.leaseMs),
    telemetry,
    budget: (deployment) => {
      const known = budgets.get(deployment) ?? new RetryBudget(clock);
      budgets.set(deployment, known);
      return known;
    },
    tender: () => tender,
    urge: () => announcement.urge(),
    onError,
  };
  const announcement = announceRouter(parts);
  const stops = [
    listen(connection, SUBJECT.returned(options.router), (message) => {
      const returned = decodeReturned(message);
      if (returned) takeReturned(parts, returned).catch(onError);
    }),
    listen(connection, SUBJECT.cancel('*', '>'), ({ subject }) => cancelJob(parts, cancelled, subject)),
    listen(connection, SUBJECT.inspect('*', '>'), (message) => {
      const { tenant, job } = jobOf(message.subject);
      const inspection = inspectQueued(parts, tenant, job);
      if (inspection) message.respond(JSON.stringify(inspection));
    }),
    clock.every(SWEEP_MS, () => {
      refuseHopeless(parts);
      dispatchJobs(parts);
    }),
  ];
  const tender = new LaneTender({
    connection,
    clock,
    ...(options.leaseMs && { leaseMs: options.leaseMs }),
    onJob: (delivery) => {
      const take = () => takeDelivery(parts, cancelled, delivery, tender.isSuspect(delivery));
      // Lines of a batch come by the hundred, and fill no place by coming: most wait on here.
      const taken = delivery.lane.class === 'batch' ? connection.spareTime.turn().then(take) : take();
      taken.catch((error: unknown) => {
        // Not known whether it has ended: its lease runs out, and it comes again.
        parts.leases.release(delivery.ackSubject);
        tender.released(delivery.lane);
        onError(error);
      });
    },
    onPending: (lane, count) => queue.setPending(lane, count),
    onError,
  });

  stops.push(
    connection.early.serve(options.router, (job, body, lease) => takeEarly(parts, job, body, lease)),
    takeLeases(connection, options.router),
    keepSilentOnRecord({ connection, clock, router: options.router, dispatched }),
    observeRouter(
      parts,
      options.deployments.map(({ id }) => id),
    ),
  );
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(RouterModule.with(connection), {
    strategy: new JetStreamStrategy({ connection, clock, service: 'router', onError }),
    logger: nestLogger(telemetry.logger),
  });
  await app.listen();

  return {
    async close() {
      tender.drain();
      announcement.drain();
      for (const stop of stops) stop();
      await app.close();
      giveBackAll(parts);
      tender.close();
      announcement.close();
      eventRoom.close();
      parts.leases.close();
    },
  };
}

function cancelJob(parts: RouterParts, cancelled: CancelledJobs, subject: string): void {
  const { tenant, job } = jobOf(subject);
  for (const priorityClass of ['interactive', 'standard', 'batch'] as const) {
    const held = parts.queue.remove({ class: priorityClass, tenant }, job);
    if (!held) continue;
    parts.tender().released(held.job);
    return endHeldJob(parts, held, 'cancelled', refusal('client_closed_request'));
  }
  cancelled.add(tenant, job);
}

function giveBackAll({ queue, connection }: RouterParts): void {
  for (const held of queue.jobs()) lease.giveBack(connection, held.ackSubject);
}

function jobOf(subject: string): { readonly tenant: string; readonly job: string } {
  const [, tenant = '', ...job] = subject.split('.');
  return { tenant, job: job.join('.') };
}
