import type { Clock } from '@penstock/resilience';
import { createInbox, nanos, type Msg, type Subscription } from 'nats';
import type { Connection } from './connection.js';

export interface Pulled {
  readonly messages: readonly Msg[];
  /** The server would not: no consumer of that name, or nobody to lead it just now. */
  readonly refused: boolean;
}

interface OpenPull {
  readonly id: number;
  readonly count: number;
  readonly messages: Msg[];
  readonly end: (refused: boolean) => void;
}

/** How long a pull stands open on an empty stream. */
const EXPIRES_MS = 30_000;

/** There is nothing (more), or the time is over. */
const ORDINARY_ENDS = [404, 408];

/** How long after that a pull nobody has answered is given up. */
const GRACE_MS = 5_000;

/**
 * Pulls from one durable consumer, one batch at a time: what there is now, or, when there is nothing, the first that
 * comes. Written on the protocol because the client has no such pull: its own wait until a batch is full, or until
 * their time is over.
 */
export class PullDesk {
  private readonly inbox = createInbox('_INBOX.pulls');
  private readonly subscription: Subscription;
  private open: OpenPull | undefined;
  private lastId = 0;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly stream: string,
    private readonly durable: string,
  ) {
    this.subscription = connection.nc.subscribe(`${this.inbox}.*`, {
      callback: (_, message) => this.receive(message),
    });
    // The server has dropped the pull with the connection.
    connection.onReconnect(() => this.open?.end(false));
  }

  /** Up to `count` messages; none when nothing came for half a minute, or the desk was closed. */
  pull(count: number): Promise<Pulled> {
    return new Promise((resolve) => {
      const id = ++this.lastId;
      const messages: Msg[] = [];
      const giveUp = this.clock.after(EXPIRES_MS + GRACE_MS, () => this.open?.end(false));
      const end = (refused: boolean) => {
        this.open = undefined;
        giveUp();
        resolve({ messages, refused });
      };
      this.open = { id, count, messages, end };
      this.connection.outgoing.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.durable}`,
        `{"batch":${count},"no_wait":true,"expires":${nanos(EXPIRES_MS)}}`,
        { reply: `${this.inbox}.${id}` },
      );
    });
  }

  close(): void {
    this.subscription.unsubscribe();
    this.open?.end(false);
  }

  /** A message without a reply subject is a status, and the end of its pull: there is no more, or its time is over. */
  private receive(message: Msg): void {
    const { open } = this;
    if (!open) return;
    if (message.reply) {
      open.messages.push(message);
      if (open.messages.length === open.count) open.end(false);
    } else if (message.subject === `${this.inbox}.${open.id}`) {
      open.end(!ORDINARY_ENDS.includes(message.headers?.code ?? 0));
    }
  }
}
