import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '@penstock/resilience';
import { createLogger } from '@penstock/telemetry';
import { parse } from 'yaml';
import { DEFAULT_MODELS } from './models/default-models.js';
import { readModels } from './models/read-model.js';
import { startSimulator } from './start-simulator.js';

// Arguments, and none of Penstock's settings: the simulator plays somebody else.
const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '9100' },
    seed: { type: 'string', default: '1' },
    models: { type: 'string' },
  },
});

const models =
  values.models === undefined
    ? ({ ok: true, value: DEFAULT_MODELS } as const)
    : readModels(parse(readFileSync(values.models, 'utf8')));
if (!models.ok) {
  process.stderr.write(`${values.models}:\n${models.problems.join('\n')}\n`);
  process.exit(2);
}

const logger = createLogger({ service: 'simulator' });
const simulator = await startSimulator({
  host: values.host,
  port: Number(values.port),
  seed: Number(values.seed),
  models: models.value,
  logger,
  clock: systemClock,
  random: Math.random,
});
logger.info({ url: simulator.url }, 'listening');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
