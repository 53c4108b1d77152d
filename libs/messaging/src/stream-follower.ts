import { AckPolicy, DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
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

/** A message of a stream, as handlers see it. */
export interface StreamMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly deliveries: number;
  readonly headers: HeaderMap | undefined;
  readonly data: Uint8Array;
}

/** Reads a stream through a durable consumer and hands its messages on in arrays, acknowledged when handled. */
export class StreamFollower {
  private buffer: JsMsg[] = [];
  private wake: (() => void) | undefined;
  private messages: ConsumerMessages | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly options: FollowOptions,
    private readonly handle: (messages: readonly StreamMessage[]) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  async start(): Promise<void> {
    const { stream, subject, durable } = this.options;
    await this.connection.jsm.consumers.add(stream, {
      durable_name: durable,
      filter_subject: subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(this.options.ackWaitMs ?? 60_000),
      max_ack_pending: 20_000,
      max_deliver: -1,
    });
    const consumer = await this.connection.js.consumers.get(stream, durable);
    this.messages = await consumer.consume({
      max_messages: 2 * this.batch,
      expires: 30_000,
      callback: (message) => {
        this.buffer.push(message);
        this.wake?.();
      },
    });
    this.running = this.run();
  }

  /** Takes no more; resolves when the handler has finished what it has. The rest is delivered again. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.messages?.close();
    this.wake?.();
    await this.running;
  }

  private get batch(): number {
    return this.options.batch ?? 500;
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      if (this.buffer.length === 0) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
        continue;
      }
      const { lingerMs } = this.options;
      if (lingerMs && this.buffer.length < this.batch) {
        await sleep(this.clock, lingerMs, this.closing.signal).catch(() => undefined);
      }
      const taken = this.buffer.splice(0, this.batch);
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
