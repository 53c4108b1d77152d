import type { Clock } from '@penstock/resilience';
import type { MsgHdrs, NatsConnection, PublishOptions } from 'nats';
import type { CoreMessage } from './core.js';
import type { LocalRoutes } from './local-routes.js';

interface Message {
  readonly subject: string;
  readonly data: Uint8Array | string | JsonBody;
  readonly options?: PublishOptions | undefined;
  readonly content?: Content | undefined;
  readonly onRefused?: ((error: unknown) => void) | undefined;
}

/** What a message says beside its body, put into headers only when it has to travel. */
export interface Content {
  readonly value: unknown;
  readonly encode: () => MsgHdrs;
}

/** A body that is written as JSON only when it has to travel. */
class JsonBody {
  constructor(readonly value: unknown) {}
}

/** For how many turns of the event loop messages gather. A turn in which nothing happens takes microseconds. */
const TURNS = 3;

/** With so few in the last write, there is nobody to wait for: it goes at the end of its turn. */
const ALONE = 2;

/** How long a message may wait that nobody waits for. */
const UNHURRIED_MS = 5;

/** So many are worth a write of their own. */
const ENOUGH = 64;

/**
 * Gathers what a process publishes in a few turns of the event loop, and writes it to the socket at once.
 *
 * The client writes after every callback: with a hundred requests or answers waiting to be read, that is a
 * hundred system calls here and a hundred wake-ups at the server, and they were a third of the CPU of a job. The
 * order is kept. A message waits for the next few turns, which is microseconds when nothing else goes on, or only for the
 * end of its own while there is hardly any other. What has its listener in this process waits for nothing but the end of the callback that sent it: there is no call to be saved.
 */
export class Outgoing {
  private waiting: Message[] = [];
  private flushing = false;
  private lastWritten = 0;

  constructor(
    private readonly nc: NatsConnection,
    private readonly local: LocalRoutes,
    private readonly clock: Pick<Clock, 'after'>,
    /** Runs a task at the end of this turn of the event loop. */
    private readonly atEndOfTurn: (task: () => void) => void = setImmediate,
  ) {}

  /** `onRefused` is told when the client will not take the message: it is too large. Without it the message is lost. */
  publish(
    subject: string,
    data: Uint8Array | string,
    options?: PublishOptions,
    onRefused?: (error: unknown) => void,
  ): void {
    this.push({ subject, data, options, onRefused });
  }

  /** Publishes what a listener in this process may get as it is; see `LocalRoutes`. */
  publishContent(subject: string, data: Uint8Array, content: Content): void {
    this.push({ subject, data, content });
  }

  /** Publishes a value as JSON. A listener in this process gets the value itself, which it must not change. */
  publishJson(subject: string, value: unknown): void {
    this.push({ subject, data: new JsonBody(value) });
  }

  /**
   * For what nobody waits for: it goes with the next message that somebody waits for, or after a moment. With one
   * client the end of a lease then travels with the next job, and the server is woken once for both; the results of
   * a batch travel a dozen at a time.
   */
  publishUnhurried(
    subject: string,
    data: Uint8Array | string,
    options?: PublishOptions,
    onRefused?: (error: unknown) => void,
  ): void {
    if (this.waiting.length === 0) this.clock.after(UNHURRIED_MS, () => this.flush());
    this.waiting.push({ subject, data, options, onRefused });
  }

  /** Writes what waits, now. */
  flush(): void {
    const messages = this.waiting;
    if (messages.length === 0) return;
    this.waiting = [];
    this.lastWritten = messages.length;
    // Gone for good: whoever waits for an answer finds out by its time limit, as with any message that is lost.
    if (this.nc.isClosed()) return;
    for (const message of messages) this.write(message);
  }

  private push(message: Message): void {
    const handle = message.options?.reply === undefined ? this.local.find(message.subject) : undefined;
    if (handle) return queueMicrotask(() => handle(localMessage(message)));
    this.waiting.push(message);
    if (this.flushing) return;
    this.flushing = true;
    this.atEndOfTurn(() => this.flushAfter(this.lastWritten > ALONE ? TURNS - 1 : 0));
  }

  private write({ subject, data, options, content, onRefused }: Message): void {
    try {
      this.nc.publish(subject, bytesOf(data), content ? { headers: content.encode() } : options);
    } catch (error) {
      onRefused?.(error);
    }
  }

  private flushAfter(turns: number): void {
    if (turns > 0 && this.waiting.length < ENOUGH) {
      return this.atEndOfTurn(() => this.flushAfter(turns - 1));
    }
    this.flushing = false;
    this.flush();
  }
}

/** Text as bytes out of Node's pool: the client would make a buffer of its own for each. */
function bytesOf(data: Message['data']): Uint8Array {
  if (data instanceof JsonBody) return Buffer.from(JSON.stringify(data.value));
  return typeof data === 'string' ? Buffer.from(data) : data;
}

const NOTHING = new Uint8Array();

function localMessage({ subject, data, options, content }: Message): CoreMessage {
  if (data instanceof JsonBody) {
    return { subject, data: NOTHING, json: <T>() => data.value as T, respond: () => false };
  }
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return {
    subject,
    data: bytes,
    ...(options?.headers && { headers: options.headers }),
    ...(content && { content: content.value }),
    json: <T>() => JSON.parse(Buffer.from(bytes).toString()) as T,
    respond: () => false,
  };
}
