import {
  JetStreamError,
  type DirectBatchOptions,
  type DirectLastFor,
  type StoredMsg,
} from '@nats-io/jetstream';
import { systemClock } from '@penstock/resilience';
import type { Connection } from './connection.js';

/** An answer of which nothing came for so long was lost with its connection, or its server. */
const SILENCE_MS = 5_000;

const NO_MORE = 404;

/**
 * What a stream has stored, read without a consumer: the messages that one question finds, in their order, none when
 * there are none (any more). The server may send fewer than were asked for; whoever wants all asks on behind the last
 * one. Rejects when the server does not answer, or not to the end.
 *
 * With a callback, because the client's iterator leaves its subscription behind: one for each question, here and at the
 * server, for as long as the connection lasts.
 */
export async function readStored(
  connection: Connection,
  stream: string,
  query: DirectBatchOptions | DirectLastFor,
): Promise<readonly StoredMsg[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly StoredMsg[]>();
  const messages: StoredMsg[] = [];
  let heardMs = systemClock.monotonicMs();
  let cancelWatch: () => void = () => undefined;

  const callback = (done: { readonly err?: Error } | null, message: StoredMsg) => {
    if (done) {
      cancelWatch();
      if (done.err && !isNoMore(done.err)) reject(done.err);
      else resolve(messages);
      return;
    }
    heardMs = systemClock.monotonicMs();
    messages.push(message);
  };
  const { direct } = connection.jsm;
  const reading =
    'multi_last' in query
      ? await direct.getLastMessagesFor(stream, { ...query, callback })
      : await direct.getBatch(stream, { ...query, callback });
  const watch = () => {
    const leftMs = heardMs + SILENCE_MS - systemClock.monotonicMs();
    if (leftMs > 0) cancelWatch = systemClock.after(leftMs, watch);
    else reading.stop(new Error(`The stream ${stream} stopped in the middle of an answer.`));
  };
  watch();
  return promise;
}

function isNoMore(error: unknown): boolean {
  return error instanceof JetStreamError && (error as { code?: unknown }).code === NO_MORE;
}
