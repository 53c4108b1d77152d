/** What runs in a local installation beside nats-server and Postgres, in the order in which it is stopped. */
export const SERVICES = [
  // The door first: whoever waits is still answered, because everything behind it goes on.
  { name: 'ingress', graceMs: 30_000 },
  { name: 'batch', graceMs: 10_000 },
  // It gives back the jobs it holds; those at work go on without it.
  { name: 'router', graceMs: 10_000 },
  // It finishes the attempts that run.
  { name: 'worker', graceMs: 35_000 },
  { name: 'simulator', graceMs: 5_000 },
  // It writes down what the others did last.
  { name: 'accounting', graceMs: 10_000 },
] as const;

export type ServiceName = (typeof SERVICES)[number]['name'];
