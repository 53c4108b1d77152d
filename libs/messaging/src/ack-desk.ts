import { FleetingMap, type Clock } from '@penstock/resilience';
import type { Outgoing } from './outgoing.js';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from 'nats';

/** What the server says to a publish: it has the message, or why not. */
export type Ack =
  | {
      readonly stream: string;
      readonly seq: number;
      readonly duplicate?: boolean;
      readonly error?: undefined;
    }
  | { readonly error: { readonly err_code: number; readonly description: string } };

/** No acknowledgement came: nobody knows whether the message was stored. */
export class NoAckError extends Error {
  override readonly name = 'NoAckError';
}

interface Waiting {
  readonly dueMs: number;
  readonly resolve: (ack: Ack) => void;
  readonly reject: (error: NoAckError) => void;
}

/** How exactly a timeout is kept. */
const SWEEP_MS = 250;

const NO_RESPONDERS = 503;

/**
 * Publishes and awaits the server's acknowledgements, all of them over one subscription and one timer.
 *
 * The client's own requests make a timer, a race of promises and (at every end, good or bad) an `Error` with a
 * stack trace each, which is most of what a publish costs; a job is three publishes.
 */
export class AckDesk {
  private readonly waiting = new FleetingMap<number, Waiting>();
  private readonly inbox: string;
  private readonly stopSweeping: () => void;
  private last = 0;

  constructor(
    nc: NatsConnection,
    private readonly outgoing: Outgoing,
    private readonly clock: Clock,
    inboxPrefix: string,
  ) {
    this.inbox = createInbox(inboxPrefix);
    nc.subscribe(`${this.inbox}.*`, { callback: (_, message) => this.receive(message) });
    this.stopSweeping = clock.every(SWEEP_MS, () => this.sweep());
  }

  /**
   * Rejects with `NoAckError`, or with what the client throws at a message it cannot send. What is not `hurried` may
   * wait a moment for company.
   */
  publish(
    subject: string,
    data: Uint8Array | string,
    timeoutMs: number,
    headers: MsgHdrs | undefined,
    hurried = true,
  ): Promise<Ack> {
    return new Promise((resolve, reject) => {
      const id = ++this.last;
      const options = { reply: `${this.inbox}.${id}`, ...(headers && { headers }) };
      const onRefused = (error: unknown) => {
        this.waiting.delete(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      if (hurried) this.outgoing.publish(subject, data, options, onRefused);
      else this.outgoing.publishUnhurried(subject, data, options, onRefused);
      this.waiting.set(id, { dueMs: this.clock.monotonicMs() + timeoutMs, resolve, reject });
    });
  }

  /** The connection is lost, and with it every acknowledgement that was on its way. */
  forget(): void {
    this.rejectAll(() => true, 'the connection was lost');
  }

  close(): void {
    this.stopSweeping();
    this.rejectAll(() => true, 'the connection was closed');
  }

  private receive(message: Msg): void {
    const id = Number(message.subject.slice(this.inbox.length + 1));
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    if (message.headers?.code === NO_RESPONDERS) {
      return waiting.reject(new NoAckError('no stream takes the subject'));
    }
    waiting.resolve(message.json<Ack>());
  }

  private sweep(): void {
    const nowMs = this.clock.monotonicMs();
    this.rejectAll(({ dueMs }) => dueMs <= nowMs, 'no acknowledgement came in time');
  }

  private rejectAll(which: (waiting: Waiting) => boolean, why: string): void {
    for (const [id, waiting] of this.waiting) {
      if (!which(waiting)) continue;
      this.waiting.delete(id);
      waiting.reject(new NoAckError(why));
    }
  }
}
