import { headers, type MsgHdrs } from 'nats';
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

/** What the server answers to a publish. */
interface PubAck {
  readonly stream: string;
  readonly seq: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code: number; readonly description: string };
}

/** Publishes to a stream and waits until the server says it has the message. Never throws. */
export async function publishDurably(
  { acks }: Pick<Connection, 'acks'>,
  subject: string,
  data: Uint8Array | string,
  options: PublishDurablyOptions = {},
): Promise<Publication> {
  const reply = await acks.publish(subject, data, withOptions(options), options.timeoutMs ?? 5_000);
  if (reply.kind === 'unanswered') return { kind: 'unavailable', message: reply.message };
  const ack = reply.msg.json<PubAck>();
  if (!ack.error)
    return { kind: ack.duplicate ? 'duplicate' : 'stored', stream: ack.stream, sequence: ack.seq };
  if (CODES.full.includes(ack.error.err_code)) return { kind: 'full' };
  if (CODES.conflict.includes(ack.error.err_code)) return { kind: 'conflict' };
  return { kind: 'unavailable', message: ack.error.description };
}

function withOptions(options: PublishDurablyOptions): MsgHdrs | undefined {
  const { messageId, first, ttlSeconds } = options;
  if (messageId === undefined && !first && ttlSeconds === undefined) return options.headers;
  const h = options.headers ?? headers();
  if (messageId !== undefined) h.set('Nats-Msg-Id', messageId);
  if (first) h.set('Nats-Expected-Last-Subject-Sequence', '0');
  if (ttlSeconds !== undefined) h.set('Nats-TTL', `${ttlSeconds}s`);
  return h;
}
