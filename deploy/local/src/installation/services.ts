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

const BROKER: LocalService = {
  name: 'broker',
  entry: 'deploy/local/src/broker.js',
  keepsRows: false,
  graceMs: 40_000,
};

/** What runs in a local installation, in the order in which it is stopped. */
export function localServices(processes: Settings['processes']): readonly LocalService[] {
  // The door first: whoever waits is still answered, because everything behind it goes on.
  const door = processes === 'one' ? [BROKER] : [service('ingress', false, 30_000)];
  const behind =
    processes === 'one'
      ? []
      : [
          // It gives back the jobs it holds; those at work go on without it.
          service('router', false, 10_000),
          // It finishes the attempts that run.
          service('worker', false, 35_000),
        ];
  return [
    ...door,
    service('batch', true, 10_000),
    ...behind,
    service('simulator', false, 5_000),
    // It writes down what the others did last.
    service('accounting', true, 10_000),
  ];
}
