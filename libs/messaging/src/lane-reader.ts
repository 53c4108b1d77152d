import { AckPolicy, JetStreamApiError } from '@nats-io/jetstream';
import { jobStream, parseLane, SUBJECT, type HeaderReader, type Job, type Lane } from '@penstock/contracts';
import { createInbox, nanos, type Msg, type Subscription } from 'nats';
import type { Clock } from '@penstock/resilience';
import { parseAckSubject, type DeliveryInfo } from './ack-subject.js';
import type { Connection } from './connection.js';
import { isBundle, openBundle } from './job-bundle.js';
import { DEFAULT_LEASE_MS, type LeaseTimes } from './lease-keeper.js';
import { receivedHeaders } from './message-headers.js';

/** A job as it comes off its lane, under lease. */
export interface JobDelivery extends DeliveryInfo {
  readonly lane: Lane;
  readonly ackSubject: string;
  readonly headers: HeaderReader | undefined;
  readonly body: Uint8Array;
  /** The job, where it came in a bundle: then its header is the bundle's. */
  readonly job?: Job;
}

export interface LaneReaderOptions {
  readonly clock: Clock;
  readonly onJob: (delivery: JobDelivery) => void;
  /** A message of the lane has come, before its jobs are told of: one, or as many as were bundled. */
  readonly onMessage?: (lane: Lane, jobs: number, pending: number) => void;
  /** A pull ended with `unfilled` of its messages not delivered: the lane is empty, or its time is over. */
  readonly onPullEnded: (lane: Lane, unfilled: number) => void;
  readonly leaseMs?: LeaseTimes;
  /** How long a pull stands open on an empty lane. Default 30,000. */
  readonly pullExpiresMs?: number;
}

const CONSUMER_NOT_FOUND = 10014;

/** How long after its time a pull that nobody has ended is given up. */
const GRACE_MS = 5_000;

interface OpenPull {
  readonly lane: Lane;
  readonly key: string;
  /** On the monotonic clock. */
  readonly overdueAtMs: number;
  remaining: number;
}

/**
 * Pulls jobs from lanes, each through a consumer of its own, over one inbox for all of them.
 *
 * Written on the protocol instead of on the client's consumers, because a router keeps pulls open on
 * thousands of lanes: here a pull is one map entry and one message, there it is an iterator with timers.
 */
export class LaneReader {
  private readonly inbox = createInbox('_INBOX.lanes');
  private readonly subscription: Subscription;
  private readonly open = new Set<string>();
  /** Oldest first. */
  private readonly pulls = new Map<number, OpenPull>();
  private readonly pullsOfLane = new Map<string, number[]>();
  private lastPull = 0;
  private readonly pullExpiresMs: number;
  private readonly stopSweeping: () => void;

  constructor(
    private readonly connection: Connection,
    private readonly options: LaneReaderOptions,
  ) {
    this.pullExpiresMs = options.pullExpiresMs ?? 30_000;
    this.subscription = connection.nc.subscribe(`${this.inbox}.*`, {
      callback: (_, msg) => this.receive(msg),
    });
    connection.onReconnect(() => this.forget());
    this.stopSweeping = options.clock.every(GRACE_MS, () => this.endOverdue());
  }

  /** Makes the lane's consumer, so that it can be pulled from. Safe to call twice, from any number of routers. */
  async ensure(lane: Lane): Promise<void> {
    const key = SUBJECT.lane(lane);
    if (this.open.has(key)) return;
    const leaseMs = (this.options.leaseMs ?? DEFAULT_LEASE_MS)[lane.class];
    await this.connection.jsm.consumers.add(jobStream(lane.class), {
      durable_name: consumerName(lane),
      filter_subject: key,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(leaseMs),
      max_ack_pending: -1,
      max_deliver: -1,
      max_waiting: 1_024,
      mem_storage: true,
      // Only for what a crash of all routers leaves behind: they remove the consumers of empty lanes themselves.
      inactive_threshold: nanos(3_600_000),
    });
    this.open.add(key);
  }

  /** Asks for up to `count` more messages of the lane. `ensure` comes first. */
  pull(lane: Lane, count: number): void {
    const key = SUBJECT.lane(lane);
    const id = ++this.lastPull;
    const overdueAtMs = this.options.clock.monotonicMs() + this.pullExpiresMs + GRACE_MS;
    this.pulls.set(id, { lane, key, overdueAtMs, remaining: count });
    const ids = this.pullsOfLane.get(key);
    if (ids) ids.push(id);
    else this.pullsOfLane.set(key, [id]);
    this.connection.outgoing.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${jobStream(lane.class)}.${consumerName(lane)}`,
      `{"batch":${count},"expires":${nanos(this.pullExpiresMs)}}`,
      { reply: `${this.inbox}.${id}` },
    );
  }

  /**
   * Asks the server whether jobs of the lane wait although a pull is open for them. Then the pull is not open any more:
   * it went to a server that led the lane's consumer once, and was cut off with it.
   */
  async checkPulls(lane: Lane): Promise<void> {
    const key = SUBJECT.lane(lane);
    const ids = [...(this.pullsOfLane.get(key) ?? [])];
    if (ids.length === 0 || !(await this.hasWaiting(lane))) return;
    for (const id of ids) this.end(id, true);
  }

  /** Removes the consumer of a lane that is empty. */
  async remove(lane: Lane): Promise<void> {
    const key = SUBJECT.lane(lane);
    this.open.delete(key);
    for (const id of this.pullsOfLane.get(key) ?? []) this.pulls.delete(id);
    this.pullsOfLane.delete(key);
    try {
      await this.connection.jsm.consumers.delete(jobStream(lane.class), consumerName(lane));
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== CONSUMER_NOT_FOUND) throw error;
    }
  }

  close(): void {
    this.stopSweeping();
    this.subscription.unsubscribe();
    this.pulls.clear();
    this.pullsOfLane.clear();
  }

  private receive(msg: Msg): void {
    if (!msg.reply) return this.endPull(msg);
    const info = parseAckSubject(msg.reply);
    const lane = parseLane(msg.subject);
    if (!info || !lane) return;
    this.countDelivery(msg.subject);
    this.deliver({ ...info, lane, ackSubject: msg.reply, headers: receivedHeaders(msg), body: msg.data });
  }

  private deliver(delivery: JobDelivery): void {
    const { lane, headers, body, ackSubject, pending } = delivery;
    const { seals, bundles } = this.connection;
    if (!isBundle(headers)) return this.tell(lane, pending, [delivery]);
    // If the seal cannot be had, the lease runs out, and it comes again.
    if (!seals.current)
      return void seals.load().then(
        () => this.deliver(delivery),
        () => undefined,
      );
    const bundled = openBundle(seals.current, lane, headers, body);
    // What only says that it is one is nobody's job, and is told so where jobs are admitted.
    if (!bundled) return this.tell(lane, pending, [delivery]);
    const parts = bundles.take(ackSubject, bundled.length);
    this.tell(
      lane,
      pending,
      parts.map(({ index, part }) => ({ ...delivery, ...bundled[index], ackSubject: part })),
    );
  }

  private tell(lane: Lane, pending: number, deliveries: readonly JobDelivery[]): void {
    this.options.onMessage?.(lane, deliveries.length, pending);
    for (const delivery of deliveries) this.options.onJob(delivery);
  }

  /** A delivery does not say which pull it answers; the server serves the oldest first. */
  private countDelivery(key: string): void {
    const ids = this.pullsOfLane.get(key);
    const id = ids?.[0];
    const pull = id === undefined ? undefined : this.pulls.get(id);
    if (!ids || id === undefined || !pull || --pull.remaining > 0) return;
    ids.shift();
    if (ids.length === 0) this.pullsOfLane.delete(key);
    this.pulls.delete(id);
    this.options.onPullEnded(pull.lane, 0);
  }

  /** A status in place of a job: expired, or its consumer is gone. */
  private endPull(msg: Msg): void {
    const id = Number(msg.subject.slice(this.inbox.length + 1));
    // 408 is a pull that ran its time. Anything else, or nobody to answer it, means the consumer may be gone.
    this.end(id, msg.headers?.code !== 408);
  }

  private end(id: number, consumerInDoubt: boolean): void {
    const pull = this.pulls.get(id);
    if (!pull) return;
    this.pulls.delete(id);
    const ids = this.pullsOfLane.get(pull.key)?.filter((other) => other !== id) ?? [];
    if (ids.length > 0) this.pullsOfLane.set(pull.key, ids);
    else this.pullsOfLane.delete(pull.key);
    if (consumerInDoubt) this.open.delete(pull.key);
    this.options.onPullEnded(pull.lane, pull.remaining);
  }

  /** A server that was cut off ends its pulls without a word that could be heard. */
  private endOverdue(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const [id, { overdueAtMs }] of this.pulls) {
      if (overdueAtMs > nowMs) return;
      this.end(id, true);
    }
  }

  /** True also of a consumer that is gone. */
  private async hasWaiting(lane: Lane): Promise<boolean> {
    try {
      const info = await this.connection.jsm.consumers.info(jobStream(lane.class), consumerName(lane));
      return info.num_pending > 0;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return true;
      throw error;
    }
  }

  /** The server has dropped every open pull, and perhaps every consumer. */
  private forget(): void {
    const ended = [...this.pulls.values()];
    this.pulls.clear();
    this.pullsOfLane.clear();
    this.open.clear();
    for (const pull of ended) this.options.onPullEnded(pull.lane, pull.remaining);
  }
}

/** Within its stream; tenants are subject tokens, so they may stand in a consumer's name. */
export function consumerName(lane: Lane): string {
  return `${lane.class}-${lane.tenant}`;
}

/** How many jobs each lane of a class holds, waiting or under lease: read from the stream, at any time. */
export async function laneDepths(
  connection: Connection,
  priorityClass: Lane['class'],
): Promise<Map<string, { readonly lane: Lane; readonly depth: number }>> {
  const info = await connection.jsm.streams.info(jobStream(priorityClass), {
    subjects_filter: SUBJECT.lanesOf(priorityClass),
  });
  const depths = new Map<string, { lane: Lane; depth: number }>();
  for (const [subject, depth] of Object.entries(info.state.subjects ?? {})) {
    const lane = parseLane(subject);
    if (lane) depths.set(subject, { lane, depth });
  }
  return depths;
}
