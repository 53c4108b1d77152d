import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { OpenQueue } from './queue.js';

const ACK_WITHIN_MS = 60_000;

/**
 * Penstock as somebody's job queue: publishes jobs to their lanes with the ordinary client of NATS, as README.md shows
 * it, and waits for the server to say that it has them. Penstock has workers of its own.
 */
export const openQueue: OpenQueue = async ({ url, lanes = 0 }) => {
  const connection = await connect({ servers: url, noAsyncTraces: true });
  const js = jetstream(connection, { timeout: ACK_WITHIN_MS });
  let next = 0;
  const lane = () => (lanes === 0 ? 'jobs.standard.acme' : `jobs.standard.lane-${next++ % lanes}`);
  const add = (payload: string) => js.publish(lane(), payload);
  return { add, addMany: (payloads) => Promise.all(payloads.map(add)) };
};
