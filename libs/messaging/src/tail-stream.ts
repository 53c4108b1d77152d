import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import type { HeaderReader } from '@penstock/contracts';
import type { Msg } from 'nats';
import type { Connection } from './connection.js';
import { receivedHeaders } from './message-headers.js';

export interface TailOptions {
  readonly stream: string;
  readonly subject: string;
  /** The first sequence of interest. Default: the first there is. */
  readonly fromSequence?: number;
  /** Messages on their way at once. Default 1,000. */
  readonly maxMessages?: number;
}

/** A message as a tail sees it. It belongs to the stream: there is nothing to acknowledge. */
export interface TailedMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly headers: HeaderReader | undefined;
  readonly data: Uint8Array;
}

export interface Tail {
  close(): Promise<void>;
}

/**
 * Reads a stream in order, from a sequence on, for as long as it is open: what is there first, then what comes.
 * Nothing is left out: a gap, a lost connection or a restarted server makes it begin again behind the last
 * message it passed on.
 *
 * For a reader that keeps its own place. Readers that share the work, or have none, use `StreamFollower`.
 */
export async function tailStream(
  connection: Connection,
  options: TailOptions,
  onMessage: (message: TailedMessage) => void,
): Promise<Tail> {
  const consumer = await connection.js.consumers.get(options.stream, {
    filter_subjects: options.subject,
    ...(options.fromSequence !== undefined && {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: options.fromSequence,
    }),
  });
  const messages = await consumer.consume({
    max_messages: options.maxMessages ?? 1_000,
    expires: 30_000,
    // A server that was killed has forgotten the consumer: two of these missed, and a new one is made.
    idle_heartbeat: 2_000,
    callback: (message) =>
      onMessage({
        subject: message.subject,
        sequence: message.seq,
        headers: headersOf(message),
        data: message.data,
      }),
  });
  return {
    async close() {
      await messages.close();
      // Else it stays at the server for five minutes, and a stream takes 1,000.
      await consumer.delete().catch(() => undefined);
    },
  };
}

/** The client wraps the message that came, without a word of it in its interface. */
function headersOf(message: JsMsg): HeaderReader | undefined {
  const { msg: came } = message as { msg?: Msg };
  return came ? receivedHeaders(came) : message.headers;
}

/** The sequence of the newest message on a subject, wildcards allowed; 0 when there is none. */
export async function lastSequence(connection: Connection, stream: string, subject: string): Promise<number> {
  const message = await connection.jsm.direct.getMessage(stream, { last_by_subj: subject });
  return message?.seq ?? 0;
}
