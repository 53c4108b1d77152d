import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { systemClock } from '@penstock/resilience';
import { connect, type NatsConnection } from 'nats';
import { AckDesk } from './ack-desk.js';
import { BundleDesk } from './bundle-desk.js';
import { EarlyJobs } from './early-jobs.js';
import { EventDesk } from './event-desk.js';
import { lease } from './lease.js';
import { LineResultDesk } from './line-result-desk.js';
import { LocalRoutes } from './local-routes.js';
import { Outgoing } from './outgoing.js';
import { SealDesk } from './seal-desk.js';
import { SpareTime } from './spare-time.js';

export interface ConnectionOptions {
  /** Servers, separated by commas: `nats://host:4222`. May hold a user and a password. */
  readonly url: string;
  /** Shown by the server beside the connection. */
  readonly name: string;
  /** How what is stored is kept: the same for all processes of an installation. */
  readonly storage?: Partial<StorageTerms>;
  /** Told whenever the connection is lost (`false`) or back (`true`). */
  readonly onStatus?: (connected: boolean) => void;
}

/** What an installation chooses about all that it stores. */
export interface StorageTerms {
  /** Copies of it in a cluster: 1 or 3. Default 1. */
  readonly replicas: number;
  /** How long an outcome can be fetched. Default 24 h. */
  readonly resultTtlMs: number;
}

export const DEFAULT_RESULT_TTL_MS = 24 * 3_600_000;

/** One process's line to NATS: core, JetStream and its administration over the same socket. */
export interface Connection {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Where publishes to streams await their acknowledgements. */
  readonly acks: AckDesk;
  /** Where the ends of jobs gather that nobody waits for one by one. */
  readonly events: EventDesk;
  /** Where the results of lines of batches gather. */
  readonly lineResults: LineResultDesk;
  /** Where everything else is published. */
  readonly outgoing: Outgoing;
  /** When what nobody waits for is done. */
  readonly spareTime: SpareTime;
  readonly storage: StorageTerms;
  /** Where the installation's seal is had, with which jobs are stored. */
  readonly seals: SealDesk;
  /** Listeners in this process that need no server between. */
  readonly local: LocalRoutes;
  /** Jobs that run in this process before they are stored. */
  readonly early: EarlyJobs;
  /** Leases of jobs that came off their lanes together. */
  readonly bundles: BundleDesk;
  /** False from the moment the socket is lost until it is back. */
  readonly connected: boolean;
  /** When the connection was last back after a loss; minus infinity if it never was lost. */
  readonly reconnectedAtMs: number;
  /** Runs `task` after every reconnect, when the server may have forgotten what lived in its memory. */
  onReconnect(task: () => void): void;
  /** Sends what is still buffered, then closes. */
  close(): Promise<void>;
}

/**
 * Connects, and stays connected: a lost server is looked for until it is back, with jitter, so that a hundred
 * processes do not return in the same instant.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const inboxPrefix = `_INBOX.${options.name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  const nc = await connect({
    servers: options.url.split(',').map((server) => server.trim()),
    name: options.name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 300,
    waitOnFirstConnect: true,
    // A stack trace for every request in flight costs more than the request.
    noAsyncTraces: true,
    pingInterval: 10_000,
  });
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const local = new LocalRoutes();
  const outgoing = new Outgoing(nc, local, systemClock);
  const acks = new AckDesk(nc, outgoing, systemClock, inboxPrefix);
  const js = jetstream(nc);
  const storage: StorageTerms = { replicas: 1, resultTtlMs: DEFAULT_RESULT_TTL_MS, ...options.storage };
  const seals = new SealDesk(js, storage.replicas);
  // A server that lost its disk is given the seal that was, by whoever is back first.
  const reconnectTasks: (() => void)[] = [() => void seals.load().catch(() => undefined)];
  let connected = true;
  let reconnectedAtMs = -Infinity;

  const watch = async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') {
        connected = false;
        acks.forget();
        options.onStatus?.(false);
      } else if (status.type === 'reconnect') {
        connected = true;
        reconnectedAtMs = systemClock.nowMs();
        options.onStatus?.(true);
        for (const task of reconnectTasks) task();
      }
    }
  };
  void watch();

  const connection: Connection = {
    nc,
    js,
    jsm,
    acks,
    events: new EventDesk({ acks }, systemClock),
    lineResults: new LineResultDesk({ acks }, systemClock),
    outgoing,
    spareTime: new SpareTime(),
    local,
    early: new EarlyJobs(systemClock),
    bundles: new BundleDesk(nc, outgoing, {
      settle: (ackSubject) => lease.settle(connection, ackSubject),
      giveBack: (ackSubject, delayMs) => lease.giveBack(connection, ackSubject, delayMs),
    }),
    storage,
    seals,
    get connected() {
      return connected && !nc.isClosed();
    },
    get reconnectedAtMs() {
      return reconnectedAtMs;
    },
    onReconnect: (task) => void reconnectTasks.push(task),
    close: async () => {
      if (nc.isClosed()) return;
      outgoing.flush();
      // Without a server there is nothing to drain into, and drain would wait for it.
      if (connected) await nc.drain();
      else await nc.close();
      acks.close();
    },
  };
  return connection;
}
