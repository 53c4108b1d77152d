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

/** What runs in a local installation, in the order in which it is stopped. */
export function localServices(processes: Settings['processes']): readonly LocalService[] {
  if (processes === 'few') return [BROKER, SIMULATOR, RECORDS];
  return [
    // The door first: whoever waits is still answered, because everything behind it goes on.
    service('ingress', false, 30_000),
    service('batch', true, 10_000),
    // It gives back the jobs it holds; those at work go on without it.
    service('router', false, 10_000),
    // It finishes the attempts that run.
    service('worker', false, 35_000),
    SIMULATOR,
    // It writes down what the others did last.
    service('accounting', true, 10_000),
  ];
}
