import { nanos } from 'nats';
import { parseAckSubject, type DeliveryInfo } from './ack-subject.js';
import { isPart, wholeLease } from './bundle-desk.js';
import type { Connection } from './connection.js';

type Holder = Pick<Connection, 'outgoing' | 'early' | 'bundles'>;

/** Who removes a job has to know whether the server it was delivered by is still the one it was. */
type Settler = Pick<Connection, 'outgoing' | 'early' | 'bundles' | 'jsm' | 'reconnectedAtMs'>;

const ACK = Buffer.from('+ACK');
const NAK = Buffer.from('-NAK');
const WORKING = Buffer.from('+WPI');

/**
 * The verbs of a lease. A lease is nothing but the ack subject of a delivery, so whoever holds that string
 * holds the lease, in whichever process. Of a job that runs before it is delivered, it is the name that `EarlyJobs` gave
 * it, and holds in this process alone. Of a job that came in a bundle, it is a part of the bundle's: see `BundleDesk`.
 *
 * There is no fencing: a late `settle` of an earlier delivery settles the message while a later one runs. So a
 * holder settles only once its outcome is stored, and stored outcomes are first-one-wins.
 */
export const lease = {
  /**
   * The job is done; its record is removed, and with it the lease. Not confirmed, and not in a hurry: one that is lost is
   * made good at redelivery.
   */
  settle: (connection: Settler, ackSubject: string) =>
    connection.early.settle(ackSubject, (here) =>
      isPart(here) ? connection.bundles.settle(here) : removeDelivered(connection, here),
    ),
  /** What was read from a stream that others read too is done with. Not confirmed either. */
  acknowledge: ({ outgoing }: Pick<Holder, 'outgoing'>, ackSubject: string) =>
    outgoing.publishUnhurried(ackSubject, ACK),
  /** Starts the lease's time anew. */
  extend: ({ outgoing, early }: Omit<Holder, 'bundles'>, ackSubject: string) =>
    early.use(ackSubject, (here) => outgoing.publish(wholeLease(here), WORKING)),
  /** Back into its lane, at once or after a delay. */
  giveBack: ({ outgoing, early, bundles }: Holder, ackSubject: string, delayMs = 0) =>
    early.end(ackSubject, (here) =>
      isPart(here)
        ? bundles.giveBack(here, delayMs)
        : outgoing.publish(here, delayMs > 0 ? `-NAK {"delay":${nanos(delayMs)}}` : NAK),
    ),
} as const;

/** By how much the clocks of server and process may differ. */
const CLOCKS_DIFFER_MS = 5_000;

/** An ack subject has nanoseconds, which are more than a number holds. */
const ROUNDED_MS = 1;

/**
 * Deletes the message that was delivered. A server that came back without its memory counts from 1 again: then the
 * number may be another job's by now, so the record is looked at before it is removed.
 */
function removeDelivered(connection: Settler, ackSubject: string): void {
  const delivered = parseAckSubject(ackSubject);
  if (!delivered) return;
  if (delivered.storedAtMs > connection.reconnectedAtMs + CLOCKS_DIFFER_MS)
    return remove(connection, delivered);
  connection.jsm.direct
    .getMessage(delivered.stream, { seq: delivered.sequence })
    .then((found) => {
      const awayMs = Math.abs((found?.time.getTime() ?? Infinity) - delivered.storedAtMs);
      if (awayMs <= ROUNDED_MS) remove(connection, delivered);
    })
    // The lease runs out, and the job is looked at again.
    .catch(() => undefined);
}

/** Without a reply subject the server answers nothing. The record is unlinked: overwriting it would be a write more. */
function remove({ outgoing }: Pick<Holder, 'outgoing'>, { stream, sequence }: DeliveryInfo): void {
  outgoing.publishUnhurried(`$JS.API.STREAM.MSG.DELETE.${stream}`, `{"seq":${sequence},"no_erase":true}`);
}
