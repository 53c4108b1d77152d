import type { Clock } from '@penstock/resilience';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from 'nats';

/** What the server said to a publish: its acknowledgement as JSON, or that there was none. */
export type PublishReply =
  | { readonly kind: 'answered'; readonly msg: Msg }
  | { readonly kind: 'unanswered'; readonly message: string };

interface Pending {
  readonly resolve: (reply: PublishReply) => void;
  readonly dueAtMs: number;
}

const SWEEP_MS = 250;

/** Status of a request that nobody listens to: JetStream is down, or no stream has the subject. */
const NO_RESPONDERS = 503;

/**
 * Waits for the acknowledgements of publishes, all over one inbox with one timer. The client's own request makes
 * an error object, a timer and two promises for every publish, which at thousands a second is a third of the cost.
 */
export class AckDesk {
  private readonly inbox = createInbox('_INBOX.acks');
  private readonly pending = new Map<string, Pending>();
  private readonly stopSweep: () => void;
  private last = 0;

  constructor(
    private readonly nc: NatsConnection,
    private readonly clock: Clock,
  ) {
    nc.subscribe(`${this.inbox}.*`, { callback: (_, msg) => this.receive(msg) });
    this.stopSweep = clock.every(SWEEP_MS, () => this.expire());
  }

  /** Publishes, and resolves with the reply. Never rejects. */
  publish(
    subject: string,
    data: Uint8Array | string,
    headers: MsgHdrs | undefined,
    timeoutMs: number,
  ): Promise<PublishReply> {
    return new Promise((resolve) => {
      const token = (++this.last).toString(36);
      this.pending.set(token, { resolve, dueAtMs: this.clock.monotonicMs() + timeoutMs });
      try {
        this.nc.publish(subject, data, { reply: `${this.inbox}.${token}`, ...(headers && { headers }) });
      } catch (error) {
        this.pending.delete(token);
        resolve({ kind: 'unanswered', message: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  close(): void {
    this.stopSweep();
    this.end((_) => true, 'the connection was closed');
  }

  private receive(msg: Msg): void {
    const token = msg.subject.slice(this.inbox.length + 1);
    const waiting = this.pending.get(token);
    if (!waiting) return;
    this.pending.delete(token);
    const silent = msg.data.length === 0 && msg.headers?.code === NO_RESPONDERS;
    waiting.resolve(
      silent ? { kind: 'unanswered', message: 'JetStream does not answer' } : { kind: 'answered', msg },
    );
  }

  /** Timeouts are nearly all alike, so the oldest come first; those that are longer are passed over. */
  private expire(): void {
    const now = this.clock.monotonicMs();
    this.end(({ dueAtMs }) => dueAtMs <= now, 'no acknowledgement in time');
  }

  private end(when: (pending: Pending) => boolean, message: string): void {
    for (const [token, waiting] of this.pending) {
      if (!when(waiting)) continue;
      this.pending.delete(token);
      waiting.resolve({ kind: 'unanswered', message });
    }
  }
}
