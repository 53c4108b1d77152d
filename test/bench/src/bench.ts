import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { readSettings } from '@penstock/config';
import { systemClock } from '@penstock/resilience';
import { receiveSpans } from '@penstock/telemetry';
import { startInstallation } from '../../../deploy/local/src/index.js';
import { measureBatch } from './measure-batch.js';
import { measureSync, type SyncRow, type System } from './measure-sync.js';
import { startPortkey } from './portkey.js';
import { renderReport, type BenchResults } from './render-report.js';

/**
 * `npm run bench`: Penstock beside what its users would otherwise pick, in one run on one machine, before one
 * upstream. Authentication, ledger and tracing (1 % of the traces, exported) are on, as they are in use.
 */
const ROOT = path.resolve(import.meta.dirname, '../../../..');
process.chdir(ROOT);
const RUNS = Number(process.argv[2] ?? 5);
const BATCH_LINES = 10_000;
const SERVICES = ['ingress', 'router', 'worker', 'broker', 'accounting', 'batch', 'nats-server', 'postgres'];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const dataDir = mkdtempSync(path.join(tmpdir(), 'penstock-bench-'));
const spans = await receiveSpans();
const { natsUrl: _, databaseUrl: __, ...settings } = readSettings();
const installation = await startInstallation({
  settings: {
    ...settings,
    httpPort: 0,
    simulatorPort: 0,
    logLevel: 'warn',
    configPath: 'test/bench/penstock.yaml',
    dataDir,
  },
  env: process.env,
  root: ROOT,
  clock: systemClock,
  say,
  throwAway: true,
  serviceEnv: { ...spans.env, OTEL_TRACES_SAMPLER: undefined },
});
const key = installation.config.tenants[0]?.keys[0]?.secret ?? '';
const portkey = await startPortkey(
  path.join(ROOT, '.penstock/cache/bench'),
  installation.simulatorUrl,
  'sim',
);
try {
  const body = (model: string) =>
    JSON.stringify({ model, messages: [{ role: 'user', content: 'word '.repeat(190) }] });
  const systems: System[] = [
    {
      name: 'Penstock',
      url: `${installation.httpUrl}/v1/chat/completions`,
      headers: { authorization: `Bearer ${key}` },
      body: body('instant'),
      pids: () => SERVICES.flatMap((name) => installation.process(name)?.pid ?? []),
    },
    { ...portkey, body: body('sim-small'), pids: () => [portkey.pid] },
  ];
  const sync: SyncRow[] = [];
  for (const connections of [1, 64]) sync.push(...(await measureSync(systems, connections, RUNS, say)));

  await setLatency(installation.simulatorUrl, 'sim-large', 20);
  const batch = [];
  for (let run = 0; run < RUNS; run++) {
    batch.push(await measureBatch(installation.httpUrl, key, 'paced', BATCH_LINES));
    say(`batch of ${BATCH_LINES} lines: ${batch.at(-1)?.seconds.toFixed(2)} s`);
  }
  const results: BenchResults = {
    at: new Date(systemClock.nowMs()).toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`,
    processes: settings.processes,
    runs: RUNS,
    sync,
    batch,
  };
  const report = renderReport(results);
  mkdirSync('test/bench/results', { recursive: true });
  writeFileSync('test/bench/results/latest.json', `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync('docs/benchmark.md', report);
  say(`\n${report}`);
} finally {
  portkey.stop();
  await installation.stop();
  await spans.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);

async function setLatency(simulatorUrl: string, model: string, firstTokenMs: number): Promise<void> {
  const response = await fetch(`${simulatorUrl}/_simulator/models/${model}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ latency: { firstTokenMs } }),
  });
  if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
}
