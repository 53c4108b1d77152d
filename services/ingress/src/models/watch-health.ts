import { SUBJECT, type WorkerFigures, type WorkerHeartbeat } from '@penstock/contracts';
import { listen, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { HealthBook } from '@penstock/scheduling';

/** Keeps a book of how deployments are, for who asks. */
export function watchHealth(
  connection: Connection,
  clock: Clock,
): { readonly health: HealthBook; stop(): void } {
  const health = new HealthBook();
  const stops = [
    listen(
      connection,
      SUBJECT.capacityWorkers,
      (message) => void health.heard(message.json<WorkerHeartbeat>(), clock.nowMs()),
    ),
    listen(connection, SUBJECT.health, (message) =>
      health.told(message.json<WorkerFigures>(), clock.nowMs()),
    ),
  ];
  return {
    health,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
