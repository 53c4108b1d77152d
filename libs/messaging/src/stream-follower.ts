import { AckPolicy, DeliverPolicy, JetStreamApiError } from '@nats-io/jetstream';
import type { HeaderMap } from '@penstock/contracts';
import { sleep, type Clock } from '@penstock/resilience';
import { nanos, type Msg } from 'nats';
import type { Connection } from './connection.js';
import { parseAckSubject } from './ack-subject.js';
import { lease } from './lease.js';
import { PullDesk } from './pull-desk.js';

export interface FollowOptions {
  readonly stream: string;
  readonly subject: string;
  /** Name of the durable consumer; its replicas share the messages. */
  readonly durable: string;
  /** Most messages a handler is given at once. Default 500. */
  readonly batch?: number;
  /**
   * How long to leave the stream alone after a batch that was not full. Default 0. Messages gather in the stream
   * meanwhile, and come later and cheaper: a stream that is left alone wakes nobody.
   */
  readonly restMs?: number;
  /**
   * After how long without an acknowledgement a message is delivered again: what was on its way to a process, or an
   * acknowledgement on its way back, when one of the two ends died. Default 15,000.
   */
  readonly ackWaitMs?: number;
}

const CONSUMER_EXISTS = 10148;

const REFUSED_PAUSE_MS = 1_000;

/** A message of a stream, as handlers see it. */
export interface StreamMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly deliveries: number;
  readonly headers: HeaderMap | undefined;
  readonly data: Uint8Array;
}

/**
 * Reads a stream through a durable consumer and hands its messages on in arrays, acknowledged when handled.
 *
 * One batch is asked for at a time, and the next only when it is done: what waits, waits in the stream, however
 * long the handler fails. Asked for everything as it comes, the server would wake this process for every message.
 */
export class StreamFollower {
  private readonly pulls: PullDesk;
  private running: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly options: FollowOptions,
    private readonly handle: (messages: readonly StreamMessage[]) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.pulls = new PullDesk(connection, clock, options.stream, options.durable);
  }

  async start(): Promise<void> {
    await this.ensureConsumer();
    this.running = this.run();
  }

  /** Takes no more; resolves when the handler has finished what it has. The rest is delivered again. */
  async close(): Promise<void> {
    this.closing.abort();
    this.pulls.close();
    await this.running;
  }

  /** Makes the consumer, or gives it these settings if an older build has made it with others. */
  private async ensureConsumer(): Promise<void> {
    const { stream, subject, durable } = this.options;
    const config = {
      filter_subject: subject,
      ack_wait: nanos(this.options.ackWaitMs ?? 15_000),
      max_ack_pending: 20_000,
      max_deliver: -1,
    };
    try {
      await this.connection.jsm.consumers.add(stream, {
        ...config,
        durable_name: durable,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== CONSUMER_EXISTS) throw error;
      await this.connection.jsm.consumers.update(stream, durable, config);
    }
  }

  private get batch(): number {
    return this.options.batch ?? 500;
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const { messages: taken, refused } = await this.pulls.pull(this.batch);
      if (refused) await this.recover();
      if (taken.length > 0 && (await this.handleUntilDone(taken))) {
        for (const { reply } of taken) if (reply) lease.acknowledge(this.connection, reply);
      }
      const { restMs } = this.options;
      if (restMs && taken.length < this.batch) await this.rest(restMs);
    }
  }

  /** A failed handler gets the same messages again; the pause doubles from 100 ms to 5 s. */
  private async handleUntilDone(taken: readonly Msg[]): Promise<boolean> {
    const messages = taken.map(toStreamMessage);
    for (let pauseMs = 100; !this.closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        await this.handle(messages);
        return true;
      } catch (error) {
        this.onError(error);
        for (const { reply } of taken) if (reply) lease.extend(this.connection, reply);
        await this.rest(pauseMs);
      }
    }
    return false;
  }

  /** The consumer may be gone, with its stream, or its leader may be on the way. */
  private async recover(): Promise<void> {
    await this.rest(REFUSED_PAUSE_MS);
    if (!this.closing.signal.aborted) await this.ensureConsumer().catch(this.onError);
  }

  private rest(ms: number): Promise<void> {
    return sleep(this.clock, ms, this.closing.signal).catch(() => undefined);
  }
}

function toStreamMessage(message: Msg): StreamMessage {
  const info = parseAckSubject(message.reply ?? '');
  return {
    subject: message.subject,
    sequence: info?.sequence ?? 0,
    deliveries: info?.deliveries ?? 1,
    headers: message.headers,
    data: message.data,
  };
}
