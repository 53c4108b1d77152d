import { SUBJECT, type RouterHeartbeat } from '@penstock/contracts';
import { listen, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { PaceBook } from '@penstock/scheduling';

/** Keeps a book of how fast jobs start, for who wants to know when one will. */
export function watchPaces(
  connection: Connection,
  clock: Clock,
): { readonly paces: PaceBook; readonly stop: () => void } {
  const paces = new PaceBook();
  const stop = listen(connection, SUBJECT.capacityRouters, (message) =>
    paces.heard(message.json<RouterHeartbeat>(), clock.nowMs()),
  );
  return { paces, stop };
}
