import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Clock } from '@penstock/resilience';
import type { Subscription } from 'nats';
import { lastValueFrom } from 'rxjs';
import type { Connection } from './connection.js';
import { StreamFollower, type FollowOptions } from './stream-follower.js';

export interface JetStreamStrategyOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Names the queue group by which replicas share requests, and the durable consumers by which they share messages. */
  readonly service: string;
  /** Told of a handler that failed; its messages are tried again. */
  readonly onError: (error: unknown, subject: string) => void;
}

/**
 * Nest's microservice transport over JetStream. Nest's own NATS transport is core NATS only: it forgets.
 *
 * - `@EventPattern('events.>', { stream: 'EVENTS' })`: the handler gets an array of messages (`StreamMessage[]`), in
 *   order, and they are acknowledged when it resolves. While it runs, further ones gather for the next call, so
 *   a slow handler gets larger arrays, never a longer queue in memory. If it rejects, it is called again
 *   with the same messages after a pause.
 * - `@MessagePattern('accounting.usage')`: answers a request over core NATS; JSON in, JSON out.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly followers: StreamFollower[] = [];

  constructor(private readonly options: JetStreamStrategyOptions) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [pattern, handler] of this.messageHandlers) {
        if (handler.isEventHandler) await this.follow(pattern, handler);
        else this.answer(pattern, handler);
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Stops taking messages, and waits for the handlers that run. */
  async close(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await Promise.all(this.followers.map((follower) => follower.close()));
  }

  override on(): never {
    throw new Error('The connection tells of its own status: see openConnection.');
  }

  override unwrap<T>(): T {
    return this.options.connection as T;
  }

  private async follow(subject: string, handler: MessageHandler): Promise<void> {
    const extras = (handler.extras ?? {}) as Partial<FollowOptions>;
    if (!extras.stream) throw new Error(`@EventPattern(${JSON.stringify(subject)}) has to name its stream.`);
    const follower = new StreamFollower(
      this.options.connection,
      this.options.clock,
      { durable: this.options.service, ...extras, stream: extras.stream, subject },
      async (messages) => void (await invoke(handler, messages)),
      (error) => this.options.onError(error, subject),
    );
    await follower.start();
    this.followers.push(follower);
  }

  private answer(subject: string, handler: MessageHandler): void {
    const subscription = this.options.connection.nc.subscribe(subject, {
      queue: this.options.service,
      callback: (_, msg) => {
        const reply = async () => {
          const question: unknown = msg.data.length > 0 ? msg.json() : undefined;
          msg.respond(JSON.stringify((await invoke(handler, question)) ?? null));
        };
        // No answer is an answer: the asker's request times out, and it knows what that means for it.
        reply().catch((error: unknown) => this.options.onError(error, subject));
      },
    });
    this.subscriptions.push(subscription);
  }
}

async function invoke(handler: MessageHandler, data: unknown): Promise<unknown> {
  const result: unknown = await handler(data);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function isObservable(value: unknown): value is Parameters<typeof lastValueFrom>[0] {
  return typeof value === 'object' && value !== null && 'subscribe' in value;
}
