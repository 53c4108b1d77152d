/** What runs in a local installation beside nats-server and Postgres, in the order in which it is stopped. */
export const SERVICES = [
  // The door first: whoever waits is still answered, because everything behind it goes on.
  { name: 'ingress', keepsRows: false, graceMs: 30_000 },
  { name: 'batch', keepsRows: true, graceMs: 10_000 },
  // It gives back the jobs it holds; those at work go on without it.
  { name: 'router', keepsRows: false, graceMs: 10_000 },
  // It finishes the attempts that run.
  { name: 'worker', keepsRows: false, graceMs: 35_000 },
  { name: 'simulator', keepsRows: false, graceMs: 5_000 },
  // It writes down what the others did last.
  { name: 'accounting', keepsRows: true, graceMs: 10_000 },
] as const;

export type ServiceName = (typeof SERVICES)[number]['name'];
