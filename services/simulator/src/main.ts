import 'reflect-metadata';

import { parseArgs } from 'node:util';

import { systemClock } from '@penstock/resilience';

import { startSimulator } from './start-simulator.js';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '9100' },
    seed: { type: 'string', default: '1' },
  },
});

const simulator = await startSimulator({
  host: values.host,
  port: Number(values.port),
  seed: Number(values.seed),
  clock: systemClock,
  random: Math.random,
});
console.log(`simulator listens on ${simulator.url}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
