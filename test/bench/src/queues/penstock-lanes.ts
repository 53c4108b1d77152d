import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { STREAM } from '@penstock/contracts';
import type { Penstock } from '../gateways/start-penstock.js';
import type { Guard } from '../machine/guard.js';
import { startDriver, type Driver } from './start-driver.js';

/** The durable lanes of a Penstock, as somebody sees them who looks into nats-server, and a publisher to them. */
export interface PenstockLanes {
  readonly producer: Driver;
  /** Jobs without an outcome: a job leaves its lane last of all, when everything about it is stored. */
  waiting(): Promise<number>;
  /** How many lanes routers have come to read: each has a consumer. */
  tended(): Promise<number>;
  /** Resolves when there is none. Rejects after `withinSeconds`. */
  empty(withinSeconds: number): Promise<void>;
  /** Forgets all jobs. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** How often it looks: what it costs is counted as Penstock's. */
const LOOK_EVERY_MS = 10;

/** Long: a server with ten thousand lanes to tend may take its time, and that it answers is no row's question. */
const ANSWER_WITHIN_MS = 60_000;

/** `lanes` as in `QueueConnection`: 0 is the one of the tenant acme. */
export async function openLanes({ installation }: Penstock, guard: Guard, lanes = 0): Promise<PenstockLanes> {
  const connection = await connect({ servers: installation.natsUrl });
  const manager = await jetstreamManager(connection, { timeout: ANSWER_WITHIN_MS });
  const module = path.join(import.meta.dirname, 'penstock-publisher.js');
  const producer = await startDriver(module, { url: installation.natsUrl, lanes }, guard);
  const waiting = async () => (await manager.streams.info(STREAM.durable)).state.messages;
  return {
    producer,
    waiting,
    tended: async () => (await manager.streams.info(STREAM.durable)).state.consumer_count,
    async empty(withinSeconds) {
      const giveUpAtMs = performance.now() + withinSeconds * 1_000;
      for (let left = await waiting(); left > 0; left = await waiting()) {
        if (performance.now() > giveUpAtMs)
          throw new Error(`${left} jobs have no outcome after ${withinSeconds} s`);
        await pause(LOOK_EVERY_MS);
      }
    },
    purge: async () => void (await manager.streams.purge(STREAM.durable)),
    async close() {
      producer.stop();
      await connection.close();
    },
  };
}
