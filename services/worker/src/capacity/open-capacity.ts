import type { Connection } from '@penstock/messaging';
import type { Provider } from '@penstock/providers';
import type { Clock } from '@penstock/resilience';
import type { WorkerDeployment } from '../execution/worker-deployment.js';
import { CapacityAnnouncer, type RunningAttempts } from './capacity-announcer.js';
import { Pool, type Credential } from './pool.js';
import { ShareKeeper } from './share-keeper.js';
import { SlotBoard } from './slot-board.js';

/** A deployment, and what it is called by. */
export interface WorkerTarget {
  readonly deployment: WorkerDeployment;
  readonly provider: Provider;
  /** Where it has several, each with limits of its own: instead of `provider` and the deployment's limits. */
  readonly credentials?: readonly Credential[];
}

/** A worker's room, known to itself and not yet to anybody else. */
export interface Capacity {
  readonly slots: SlotBoard;
  /** Tells routers of it from now on, and which attempts run. */
  announce(running: RunningAttempts): CapacityAnnouncer;
  /** Gives this worker's shares back, when nothing runs here any more. */
  leave(): Promise<void>;
}

export interface CapacityOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly targets: readonly WorkerTarget[];
  readonly onError: (error: unknown) => void;
}

/** Takes this worker's shares of the deployments' limits; resolves when the first ones are there. */
export async function openCapacity(options: CapacityOptions): Promise<Capacity> {
  const { connection, clock, worker, targets, onError } = options;
  const slots = new SlotBoard();
  let announcer: CapacityAnnouncer | undefined;
  let shares: ShareKeeper | undefined;

  const pools = targets.flatMap(({ deployment, provider, credentials }) => {
    const { firstByteMs, idleMs, abandonedMs = Math.max(firstByteMs, idleMs) } = deployment.timeouts;
    const used = credentials ?? [{ name: 'default', provider, limits: deployment.limits }];
    const made = used.map((credential) => ({
      abandonedMs,
      pool: new Pool(deployment.id, credential, clock, (pool) => shares?.renew(pool)),
    }));
    slots.add(
      deployment.id,
      made.map(({ pool }) => pool),
    );
    return made;
  });
  shares = await ShareKeeper.open({
    connection,
    clock,
    worker,
    pools,
    wanted: (deployment) => (announcer?.isDraining ? 0 : slots.wanted(deployment)),
    onChange: () => announcer?.changed(),
    onError,
  });
  return {
    slots,
    announce: (running) => (announcer = new CapacityAnnouncer(connection, clock, worker, slots, running)),
    leave: () => shares.leave(),
  };
}
