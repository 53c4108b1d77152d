import { randomBytes } from 'node:crypto';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { ensureTopology, openConnection, type Connection, type LeaseTimes } from '@penstock/messaging';
import { migrateDatabase, openDatabase, type Database } from '@penstock/persistence';
import { createProvider, type AdapterName } from '@penstock/providers';
import { idMaker, systemClock } from '@penstock/resilience';
import { policyOf, RouteCatalogue, type DeploymentProfile } from '@penstock/scheduling';
import { startTelemetry, type Telemetry } from '@penstock/telemetry';
import { createDatabase, startNatsServer, type TestDatabase, type TestNatsServer } from '@penstock/testing';
import { RuleBook, type RuleSources } from '@penstock/transforms';
import { startAccounting } from '../../services/accounting/src/start-accounting.js';
import { startBatch } from '../../services/batch/src/start-batch.js';
import { startIngress, type IngressOptions } from '../../services/ingress/src/start-ingress.js';
import { startRouter, type RouterOptions } from '../../services/router/src/start-router.js';
import type { SimulatedModel } from '../../services/simulator/src/models/simulated-model.js';
import { startSimulator, type RunningSimulator } from '../../services/simulator/src/start-simulator.js';
import { startWorker, type WorkerOptions } from '../../services/worker/src/start-worker.js';

export interface StackOptions {
  readonly simulated?: readonly SimulatedModel[];
  readonly models?: IngressOptions['models'];
  readonly deployments?: readonly DeploymentProfile[];
  /** Default: acme and globex, alike. */
  readonly tenants?: RouterOptions['tenants'];
  /** How long an interactive job may wait for its start. */
  readonly startWithinMs?: number;
  /** What the deployments' providers speak, by name; each of them is the simulator. Default: `simulator`, OpenAI's. */
  readonly providers?: Readonly<Record<string, StackProvider>>;
  /** How many ingresses there are. Default 1. */
  readonly ingresses?: number;
  /** How long a provider's stream may be silent. Default 10,000. */
  readonly idleMs?: number;
  /** How long the caller of a stream may take nothing of it. Default 60,000. */
  readonly readerStallMs?: number;
  readonly leaseMs?: LeaseTimes;
  /** So many times ingress, router and worker on one connection, as they are where they share a process. Default apart. */
  readonly brokers?: number;
  readonly breaker?: WorkerOptions['breaker'];
  /** A server that stands between the providers and the simulator: from the simulator's address to its own. */
  readonly through?: (simulatorUrl: string) => Promise<string>;
  /** What requests and answers are transformed by. Default nothing. */
  readonly rules?: RuleSources;
  /** What the worker has of them. Default the same. */
  readonly workerRules?: RuleSources;
  /** Where all services' spans go. */
  readonly spanProcessors?: SpanProcessor[];
}

export interface StackProvider {
  readonly adapter: AdapterName;
  /** Where the simulator serves that dialect. */
  readonly path: '/v1' | '/v1beta';
}

/** All services of Penstock in this process, on a real nats-server and Postgres, before a real simulator. */
export interface Stack {
  readonly url: string;
  /** One of each ingress; `url` is the first. */
  readonly urls: readonly string[];
  readonly natsUrl: string;
  readonly connection: Connection;
  readonly database: Database;
  readonly simulator: RunningSimulator;
  /** Keys that are let in, by tenant. */
  readonly keys: Readonly<Record<'acme' | 'globex', string>>;
  /** What a service counted so far, as Prometheus gets it; of all ingresses in one. */
  scrape(service: string): Promise<string>;
  close(): Promise<void>;
}

const LIMITS = { concurrency: 64 };
const PRICE = { input: 0.15, output: 0.6 };

export const STACK_DEPLOYMENTS: readonly DeploymentProfile[] = [
  { id: 'simulator/small', provider: 'simulator', upstreamModel: 'sim-small', price: PRICE, limits: LIMITS },
  { id: 'simulator/flaky', provider: 'simulator', upstreamModel: 'sim-flaky', price: PRICE, limits: LIMITS },
  {
    id: 'simulator/embedding',
    provider: 'simulator',
    upstreamModel: 'sim-embedding',
    price: PRICE,
    limits: LIMITS,
  },
];

export const STACK_MODELS: RouterOptions['models'] = [
  { name: 'small', deployments: ['simulator/small'], maxOutputTokens: 4_096 },
  { name: 'flaky', deployments: ['simulator/flaky', 'simulator/small'], maxOutputTokens: 4_096 },
  { name: 'embedding', deployments: ['simulator/embedding'], maxOutputTokens: 4_096 },
];

const STACK_PROVIDERS: Readonly<Record<string, StackProvider>> = {
  simulator: { adapter: 'openai', path: '/v1' },
};

/** A second key of the tenant acme. */
export const OTHER_KEY = 'sk-acme-0002';

const keys = { acme: 'sk-acme-0001', globex: 'sk-globex-0001' } as const;

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closers: (() => Promise<unknown>)[] = [];
  const later = <T extends { close(): Promise<unknown> }>(part: T): T => {
    closers.push(() => part.close());
    return part;
  };
  const clock = systemClock;
  const makeId = idMaker(
    () => clock.nowMs(),
    (size) => randomBytes(size),
  );
  const nats: TestNatsServer = await startNatsServer();
  closers.push(() => nats.stop());
  const scratch: TestDatabase = await createDatabase();
  closers.push(() => scratch.drop());
  await migrateDatabase({ url: scratch.url, applicationName: 'stack' });
  const open = async (name: string) => later(await openConnection({ url: nats.url, name }));
  const database = later(openDatabase({ url: scratch.url, applicationName: 'stack', poolSize: 8 }));
  const telemetries: { readonly service: string; readonly telemetry: Telemetry }[] = [];
  const telemetry = (service: string): Telemetry => {
    const started = startTelemetry({
      service,
      version: '0.0.0',
      env: {},
      log: { level: 'error' },
      ...(options.spanProcessors && { spanProcessors: options.spanProcessors }),
    });
    telemetries.push({ service, telemetry: started });
    return started;
  };

  const connection = await open('test');
  await ensureTopology(connection);
  const simulator = later(
    await startSimulator({
      port: 0,
      seed: 1,
      clock,
      random: Math.random,
      ...(options.simulated && { models: options.simulated }),
    }),
  );
  const models = options.models ?? STACK_MODELS;
  const deployments = options.deployments ?? STACK_DEPLOYMENTS;
  const tenants = options.tenants ?? Object.keys(keys).map((id) => ({ id, weight: 1 }));
  const leaseMs = options.leaseMs;
  const rules = new RuleBook(options.rules ?? {});
  const onError = (error: unknown) => console.error(error);

  later(
    await startAccounting({
      connection: await open('accounting'),
      database,
      clock,
      deployments,
      telemetry: telemetry('accounting'),
    }),
  );
  later(
    await startBatch({
      connection: await open('batch'),
      database,
      clock,
      makeId,
      telemetry: telemetry('batch'),
      routes: new RouteCatalogue(models, deployments, policyOf(tenants)),
      onError,
      rules,
      configuration: 'stack',
    }),
  );
  const providersUrl = (await options.through?.(simulator.url)) ?? simulator.url;
  const addWorker = async (connection: Connection) => {
    const providers = new Map(
      Object.entries(options.providers ?? STACK_PROVIDERS).map(([name, { adapter, path }]) => {
        const baseUrl = `${providersUrl}${path}`;
        const provider = createProvider({ adapter, name, baseUrl, apiKey: 'sim' }, clock);
        return [name, { baseUrl, provider }];
      }),
    );
    later(
      await startWorker({
        connection,
        clock,
        worker: makeId('worker'),
        deployments: deployments.map((deployment) => {
          const target = providers.get(deployment.provider);
          if (!target) throw new Error(`There is no provider ${deployment.provider}.`);
          const { provider, baseUrl } = target;
          return {
            provider,
            deployment: {
              ...deployment,
              baseUrl,
              timeouts: { firstByteMs: 10_000, idleMs: options.idleMs ?? 10_000 },
            },
          };
        }),
        telemetry: telemetry('worker'),
        rules: options.workerRules ? new RuleBook(options.workerRules) : rules,
        ...(leaseMs && { leaseMs }),
        ...(options.breaker && { breaker: options.breaker }),
      }),
    );
  };
  const addRouter = async (connection: Connection) =>
    later(
      await startRouter({
        connection,
        clock,
        random: Math.random,
        makeId,
        router: makeId('router'),
        models,
        deployments,
        tenants,
        telemetry: telemetry('router'),
        rules,
        ...(options.startWithinMs !== undefined && { startWithinMs: options.startWithinMs }),
        ...(leaseMs && { leaseMs }),
      }),
    );
  const urls: string[] = [];
  const addIngress = async (connection: Connection) => {
    const ingress = later(
      await startIngress({
        connection,
        clock,
        makeId,
        ingress: makeId('ingress'),
        host: '127.0.0.1',
        port: 0,
        keys: [
          ...Object.entries(keys).map(([tenant, secret]) => ({ tenant, keyName: 'default', secret })),
          { tenant: 'acme', keyName: 'other', secret: OTHER_KEY },
        ],
        models,
        deployments,
        tenants,
        telemetry: telemetry('ingress'),
        rules,
        configuration: 'stack',
        ...(options.readerStallMs !== undefined && { readerStallMs: options.readerStallMs }),
      }),
    );
    urls.push(`http://127.0.0.1:${ingress.port}`);
  };
  const { brokers = 0, ingresses = brokers > 0 ? 0 : 1 } = options;
  for (let count = brokers; count > 0; count--) {
    const shared = await open('broker');
    await addWorker(shared);
    await addRouter(shared);
    await addIngress(shared);
  }
  if (brokers === 0) {
    await addWorker(await open('worker'));
    await addRouter(await open('router'));
  }
  for (let count = ingresses; count > 0; count--) await addIngress(await open('ingress'));
  return {
    url: urls[0] ?? '',
    urls,
    natsUrl: nats.url,
    connection,
    database,
    simulator,
    keys,
    scrape: async (service) => {
      const mine = telemetries.filter((one) => one.service === service);
      return (await Promise.all(mine.map((one) => one.telemetry.scrape()))).join('');
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}
