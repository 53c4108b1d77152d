import { PubHeaders } from '@nats-io/jetstream';
import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';
import { MessageHeaders } from './message-headers.js';

/** What became of a publish to a stream. */
export type Publication =
  | { readonly kind: 'stored'; readonly stream: string; readonly sequence: number }
  /** The same message id was stored within the duplicate window. */
  | { readonly kind: 'duplicate'; readonly stream: string; readonly sequence: number }
  /** The lane has as many jobs waiting as it may. */
  | { readonly kind: 'full' }
  /** The subject holds another message than the publish was to follow. */
  | { readonly kind: 'conflict' }
  /** Not stored, as far as anybody knows: no server, no answer in time, no space. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface PublishDurablyOptions {
  readonly headers?: MsgHdrs;
  readonly messageId?: string;
  /** Only if the subject holds no message yet. */
  readonly first?: boolean;
  /** Only if the subject's last message is the one with this sequence. */
  readonly replaces?: number;
  /** How long the message is kept, in whole seconds. Default: as its stream says. */
  readonly ttlSeconds?: number;
  /** Whether somebody waits for it. If not, it may gather with others for a moment. Default true. */
  readonly hurried?: boolean;
  /** How long to wait for the acknowledgement. Default 5,000. */
  readonly timeoutMs?: number;
}

/** JetStream's own numbers for what we have an answer to. */
const CODES = { full: [10077, 10047], conflict: [10071, 10164] };

/**
 * Whether there is nothing to be gained by another try. Full is a stream, or a disk, that has to be emptied first: what
 * was done has to be written down then.
 */
export function isAnswered({ kind }: Publication): boolean {
  return kind !== 'unavailable' && kind !== 'full';
}

/** Publishes to a stream and waits until the server says it has the message. Never throws. */
export async function publishDurably(
  { acks }: Pick<Connection, 'acks'>,
  subject: string,
  data: Uint8Array | string,
  options: PublishDurablyOptions = {},
): Promise<Publication> {
  try {
    const ack = await acks.publish(
      subject,
      data,
      options.timeoutMs ?? 5_000,
      headersOf(options),
      options.hurried,
    );
    if (ack.error) {
      const { err_code: code, description } = ack.error;
      if (CODES.full.includes(code)) return { kind: 'full' };
      if (CODES.conflict.includes(code)) return { kind: 'conflict' };
      return { kind: 'unavailable', message: description };
    }
    return { kind: ack.duplicate ? 'duplicate' : 'stored', stream: ack.stream, sequence: ack.seq };
  } catch (error) {
    return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
  }
}

function headersOf(options: PublishDurablyOptions): MsgHdrs | undefined {
  const { headers, messageId, first, ttlSeconds } = options;
  const follows = first ? 0 : options.replaces;
  if (messageId === undefined && follows === undefined && ttlSeconds === undefined) return headers;
  const h = headers ?? new MessageHeaders();
  if (messageId !== undefined) h.set(PubHeaders.MsgIdHdr, messageId);
  if (follows !== undefined) h.set(PubHeaders.ExpectedLastSubjectSequenceHdr, String(follows));
  if (ttlSeconds !== undefined) h.set(PubHeaders.MessageTTL, `${ttlSeconds}s`);
  return h;
}
