import type { Settings } from '@penstock/config';

/** A process of a local installation beside nats-server and Postgres. */
export interface LocalService {
  readonly name: string;
  /** Below `dist`. */
  readonly entry: string;
  readonly keepsRows: boolean;
  readonly graceMs: number;
}

const service = (name: string, keepsRows: boolean, graceMs: number): LocalService => ({
  name,
  entry: `services/${name}/src/main.js`,
  keepsRows,
  graceMs,
});

/** Ingress, router and worker. */
const BROKER: LocalService = {
  name: 'broker',
  entry: 'deploy/local/src/broker.js',
  keepsRows: false,
  graceMs: 40_000,
};

/** Batch and accounting. */
const RECORDS: LocalService = {
  name: 'records',
  entry: 'deploy/local/src/records.js',
  keepsRows: true,
  graceMs: 15_000,
};

const SIMULATOR = service('simulator', false, 5_000);

/** How many of a service run; one where nothing is said. */
export type Replicas = Readonly<Partial<Record<'router' | 'worker', number>>>;

/** What runs in a local installation, in the order in which it is stopped. */
export function localServices(
  processes: Settings['processes'],
  replicas: Replicas = {},
): readonly LocalService[] {
  if (processes === 'few') return [BROKER, SIMULATOR, RECORDS];
  return [
    // The door first: whoever waits is still answered, because everything behind it goes on.
    service('ingress', false, 30_000),
    service('batch', true, 10_000),
    // It gives back the jobs it holds; those at work go on without it.
    ...copies(service('router', false, 10_000), replicas.router),
    // It finishes the attempts that run.
    ...copies(service('worker', false, 35_000), replicas.worker),
    SIMULATOR,
    // It writes down what the others did last.
    service('accounting', true, 10_000),
  ];
}

/** `worker`, `worker-2`, `worker-3`. */
function copies(one: LocalService, count = 1): LocalService[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? one : { ...one, name: `${one.name}-${i + 1}` }));
}

const SEMI_SPACE_MIB = 16;

/**
 * What Node is started with. On a machine with much memory V8 lets the young generation grow to 128 MiB a process, of
 * which a tenth is in use: a third of what Penstock occupied under load was that. With half of this bound a batch took a
 * tenth longer, with this one it took no longer than without. What is `given` counts, if it says otherwise.
 */
export function nodeOptions(given: string | undefined): string {
  return [`--max-semi-space-size=${SEMI_SPACE_MIB}`, ...(given ? [given] : [])].join(' ');
}
