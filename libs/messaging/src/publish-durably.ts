import { JetStreamApiError } from '@nats-io/jetstream';
import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';

/** What became of a publish to a stream. */
export type Publication =
  | { readonly kind: 'stored'; readonly stream: string; readonly sequence: number }
  /** The same message id was stored within the duplicate window. */
  | { readonly kind: 'duplicate'; readonly stream: string; readonly sequence: number }
  /** The lane has as many jobs waiting as it may. */
  | { readonly kind: 'full' }
  /** The subject already holds a message, and the publish was for an empty one. */
  | { readonly kind: 'conflict' }
  /** Not stored, as far as anybody knows: no server, no answer in time, no space. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface PublishDurablyOptions {
  readonly headers?: MsgHdrs;
  readonly messageId?: string;
  /** Only if the subject holds no message yet. */
  readonly first?: boolean;
  /** How long the message is kept, in whole seconds. Default: as its stream says. */
  readonly ttlSeconds?: number;
  /** How long to wait for the acknowledgement. Default 5,000. */
  readonly timeoutMs?: number;
}

/** JetStream's own numbers for what we have an answer to. */
const CODES = { full: [10077, 10047], conflict: [10071, 10164] };

/** Publishes to a stream and waits until the server says it has the message. Never throws. */
export async function publishDurably(
  { js }: Pick<Connection, 'js'>,
  subject: string,
  data: Uint8Array | string,
  options: PublishDurablyOptions = {},
): Promise<Publication> {
  try {
    const ack = await js.publish(subject, data, {
      timeout: options.timeoutMs ?? 5_000,
      ...(options.headers && { headers: options.headers }),
      ...(options.messageId !== undefined && { msgID: options.messageId }),
      ...(options.first && { expect: { lastSubjectSequence: 0 } }),
      ...(options.ttlSeconds !== undefined && { ttl: `${options.ttlSeconds}s` }),
    });
    return { kind: ack.duplicate ? 'duplicate' : 'stored', stream: ack.stream, sequence: ack.seq };
  } catch (error) {
    if (error instanceof JetStreamApiError) {
      if (CODES.full.includes(error.code)) return { kind: 'full' };
      if (CODES.conflict.includes(error.code)) return { kind: 'conflict' };
    }
    return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
  }
}
