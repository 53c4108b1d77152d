import path from 'node:path';
import { systemClock } from '@penstock/resilience';
import { COLUMNS, Report } from './report/report.js';
import { runDemo } from './run-demo.js';
import { makeDemoData, type DemoData } from './stage/demo-data.js';
import type { Stage } from './stage/stage.js';
import { startStage } from './stage/start-stage.js';

/** `npm run demo`: the whole main job once, on data that is thrown away. Exits with 0 only if all of it happened. */

const root = path.resolve(import.meta.dirname, '../../../..');
process.chdir(root);

const clock = systemClock;
const report = new Report(process.stdout, !process.env['NO_COLOR']);
const say = (line: string) => report.note(line);
const stopping = new AbortController();
let data: DemoData | undefined;
let stage: Stage | undefined;
let stopRequestedAtMs: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const nowMs = clock.monotonicMs();
    // A terminal and npm each pass on the same Ctrl-C: what comes within a second is one request.
    if (stopRequestedAtMs !== undefined && nowMs - stopRequestedAtMs > 1_000) {
      stage?.installation.kill();
      data?.remove();
      process.exit(130);
    }
    stopRequestedAtMs ??= nowMs;
    stopping.abort(new Error('stopped before it was done'));
  });
}

const startedAtMs = clock.monotonicMs();
const sinceStartMs = () => clock.monotonicMs() - startedAtMs;
try {
  report.heading('Penstock, the whole main job on throw-away data');
  data = await makeDemoData(root, clock, say);
  stage = await startStage({ root, dataDir: data.dir, clock, signal: stopping.signal, say });
  report.check(
    true,
    'everything is ready',
    `after ${(sinceStartMs() / 1_000).toFixed(1)} s, at ${stage.installation.httpUrl}`,
  );
  await runDemo(stage, report);
} catch (error) {
  report.missing.push(error instanceof Error ? error.message : String(error));
}
report.line(`\n${'─'.repeat(COLUMNS)}`);
await stage?.close().catch((error: unknown) => report.missing.push(`a clean stop: ${String(error)}`));
data?.remove();
if (stopRequestedAtMs !== undefined)
  report.line('Stopped before all of it had happened; nothing is left of it.');
else report.close(sinceStartMs());
process.exit(stopRequestedAtMs !== undefined ? 130 : report.missing.length === 0 ? 0 : 1);
