import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream';
import type { HeaderMap } from '@penstock/contracts';
import { sleep, type Clock } from '@penstock/resilience';
import { nanos } from 'nats';
import type { Connection } from './connection.js';

export interface FollowOptions {
  readonly stream: string;
  readonly subject: string;
  /** Name of the durable consumer; its replicas share the messages. */
  readonly durable: string;
  /** Most messages a handler is given at once. Default 500. */
  readonly batch?: number;
  /** How long a first message may wait for company. Default 0: larger arrays cost less, and come later. */
  readonly lingerMs?: number;
  /** After how long without an acknowledgement a message is delivered again. Default 60,000. */
  readonly ackWaitMs?: number;
}

const CONSUMER_EXISTS = 10148;

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
 * What waits, waits in the stream: a few batches are here, and no more, however long the handler fails. They come
 * through an iterator, which asks for more only as it is advanced. A callback would be given all that the
 * server may have outstanding, and all of it again after every `ackWaitMs`.
 */
export class StreamFollower {
  private readonly buffer: JsMsg[] = [];
  private wakeHandler: () => void = () => undefined;
  private wakeCollector: () => void = () => undefined;
  private messages: ConsumerMessages | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly options: FollowOptions,
    private readonly handle: (messages: readonly StreamMessage[]) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  async start(): Promise<void> {
    const { stream, durable } = this.options;
    await this.ensureConsumer();
    const consumer = await this.connection.js.consumers.get(stream, durable);
    this.messages = await consumer.consume({ max_messages: 2 * this.batch, expires: 30_000 });
    this.running = Promise.all([this.collect(this.messages), this.run()]);
  }

  /** Takes no more; resolves when the handler has finished what it has. The rest is delivered again. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.messages?.close();
    this.wakeHandler();
    this.wakeCollector();
    await this.running;
  }

  /** Makes the consumer, or gives it these settings if an older build has made it with others. */
  private async ensureConsumer(): Promise<void> {
    const { stream, subject, durable } = this.options;
    const config = {
      filter_subject: subject,
      ack_wait: nanos(this.options.ackWaitMs ?? 60_000),
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

  private async collect(arriving: ConsumerMessages): Promise<void> {
    for await (const message of arriving) {
      this.buffer.push(message);
      this.wakeHandler();
      if (this.closing.signal.aborted) return;
      if (this.buffer.length >= this.batch)
        await new Promise<void>((resolve) => (this.wakeCollector = resolve));
    }
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      if (this.buffer.length === 0) {
        await new Promise<void>((resolve) => (this.wakeHandler = resolve));
        continue;
      }
      const { lingerMs } = this.options;
      if (lingerMs && this.buffer.length < this.batch) {
        await sleep(this.clock, lingerMs, this.closing.signal).catch(() => undefined);
      }
      const taken = this.buffer.splice(0, this.batch);
      this.wakeCollector();
      if (await this.handleUntilDone(taken)) for (const message of taken) message.ack();
    }
  }

  /** A failed handler gets the same messages again; the pause doubles from 100 ms to 5 s. */
  private async handleUntilDone(taken: readonly JsMsg[]): Promise<boolean> {
    const messages = taken.map(toStreamMessage);
    for (let pauseMs = 100; !this.closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        await this.handle(messages);
        return true;
      } catch (error) {
        this.onError(error);
        for (const message of taken) message.working();
        await sleep(this.clock, pauseMs, this.closing.signal).catch(() => undefined);
      }
    }
    return false;
  }
}

function toStreamMessage(message: JsMsg): StreamMessage {
  return {
    subject: message.subject,
    sequence: message.seq,
    deliveries: message.info.deliveryCount,
    headers: message.headers,
    data: message.data,
  };
}
