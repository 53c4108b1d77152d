import type { Workbench } from '../workbench.js';
import type { QueueConnection } from './queue.js';
import { startDriver, type Driver } from './start-driver.js';
import { startPostgres, startRedis, type Durability, type Store } from './stores.js';

/** A queue from npm with its store and, once they are asked for, a producer and one worker process. */
export interface QueueSystem {
  readonly name: string;
  readonly producer: Driver;
  readonly worker: Driver;
  /** The store and the worker, not the producer. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

export interface QueueKind {
  readonly name: string;
  /** A file of `test/bench/peers`. */
  readonly module: string;
  readonly packageName: string;
  readonly durability: Durability;
  readonly store: 'redis' | 'postgres';
  readonly localQueue?: number;
}

export const BULLMQ: QueueKind = {
  name: 'BullMQ, everysec',
  module: 'bullmq.mjs',
  packageName: 'bullmq',
  durability: 'everysec',
  store: 'redis',
};
export const BULLMQ_ALWAYS: QueueKind = { ...BULLMQ, name: 'BullMQ, always', durability: 'always' };
export const PG_BOSS: QueueKind = {
  name: 'pg-boss',
  module: 'pg-boss.mjs',
  packageName: 'pg-boss',
  durability: 'always',
  store: 'postgres',
};
export const GRAPHILE: QueueKind = {
  name: 'graphile-worker',
  module: 'graphile-worker.mjs',
  packageName: 'graphile-worker',
  durability: 'always',
  store: 'postgres',
};
export const GRAPHILE_LOCAL: QueueKind = {
  ...GRAPHILE,
  name: 'graphile-worker, local queue of 500',
  localQueue: 500,
};

/** Starts each kind that can be started on this machine; the others are named as left out. */
export async function startQueues(bench: Workbench, kinds: readonly QueueKind[]): Promise<QueueSystem[]> {
  const started: QueueSystem[] = [];
  for (const kind of kinds) {
    try {
      started.push(await startQueue(bench, kind));
    } catch (error) {
      bench.leaveOut(kind.name, error);
    }
  }
  return started;
}

async function startQueue(bench: Workbench, kind: QueueKind): Promise<QueueSystem> {
  const peers = bench.peers();
  const store = await (kind.store === 'redis' ? startRedis(bench, kind.durability) : startPostgres(bench));
  const connection: QueueConnection = {
    url: store.url,
    ...(kind.localQueue !== undefined && { localQueue: kind.localQueue }),
  };
  const drivers: Driver[] = [];
  try {
    // One after the other: both make the tables that are not there yet.
    for (const _ of ['producer', 'worker']) {
      drivers.push(await startDriver(peers.file(kind.module), connection, bench.guard));
    }
  } catch (error) {
    await stopAll(drivers, store);
    throw error;
  }
  const [producer, worker] = drivers as [Driver, Driver];
  return {
    name: kind.name.replace(/^[^,]+/, (name) => `${name} ${peers.version(kind.packageName)}`),
    producer,
    worker,
    pids: () => [store.pid, worker.pid],
    stop: () => stopAll(drivers, store),
  };
}

async function stopAll(drivers: readonly Driver[], store: Store): Promise<void> {
  for (const driver of drivers) driver.stop();
  await store.stop();
}
