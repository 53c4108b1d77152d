import type { HeaderMap } from '@penstock/contracts';
import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';

/** A message over core NATS: at most once, stored nowhere. */
export interface CoreMessage {
  readonly subject: string;
  readonly headers?: HeaderMap;
  readonly data: Uint8Array;
  /** What the headers say, as its sender has it: of a message that has not left the process. */
  readonly content?: unknown;
  json<T>(): T;
  /** Answers, if the sender asked. False if it did not. */
  respond(data: string | Uint8Array): boolean;
}

/** Calls `handle` for every message; returns what ends that. With a queue, members share the messages. */
export function listen(
  connection: Connection,
  subject: string,
  handle: (message: CoreMessage) => void,
  options: { readonly queue?: string } = {},
): () => void {
  const subscription = connection.nc.subscribe(subject, {
    ...options,
    callback: (_, message) => handle(message),
  });
  const forget = connection.local.add(subject, handle);
  return () => {
    forget();
    subscription.unsubscribe();
  };
}

/** Sends without waiting for anything. What is sent while the server is away is sent when it is back, if memory allows. */
export function send(
  connection: Connection,
  subject: string,
  data: string | Uint8Array,
  headers?: HeaderMap,
): void {
  connection.outgoing.publish(subject, data, headers && { headers: headers as MsgHdrs });
}

/** Sends a value as JSON, without waiting for anything. */
export function sendJson(connection: Connection, subject: string, value: unknown): void {
  connection.outgoing.publishJson(subject, value);
}
