import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runProgramme, type FaultResult } from './programme.js';
import { renderReport } from './report/render-report.js';
import { describeRun } from './report/results.js';
import { SCENARIOS } from './scenarios/index.js';
import { Belongings } from './system/belongings.js';
import { ROOT } from './system/root.js';

/**
 * `npm run faults`: the system as it runs, and all that can happen to it. `-- --long` runs each fault 20 times,
 * `-- --systems=4` keeps four systems at work instead of two, `-- --seed=7` begins at another seed, `-- kill-worker nats`
 * runs those whose names begin so, and `--list` names them.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    systems: { type: 'string', default: '2' },
  },
});
/** Nothing would be run for what is no number, and put in the place of what was. */
const wholeOf = (option: 'runs' | 'seed' | 'systems', text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  process.stderr.write(`--${option} is a whole number from 1 on, not ${JSON.stringify(text)}.\n`);
  process.exit(2);
};
const runs = wholeOf('runs', values.runs ?? (values.long ? '20' : '2'));
const seed = wholeOf('seed', values.seed);
const systems = wholeOf('systems', values.systems);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const scenarios = SCENARIOS.filter(
  ({ name }) => positionals.length === 0 || positionals.some((wanted) => name.startsWith(wanted)),
);
if (values.list || scenarios.length === 0) {
  for (const { name, fault } of SCENARIOS) say(`${name.padEnd(24)} ${fault}`);
  process.exit(values.list ? 0 : 2);
}

// Ended in the middle, it leaves nothing behind: no process, no folder, no disk.
const belongings = new Belongings();
let stopping = false;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    stopping = true;
    say(`${signal}: stopping everything`);
    // Whatever was going on loses its footing now, and that says nothing.
    for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => undefined);
    void belongings.release().finally(() => process.exit(code));
  });
}

const startedAtMs = Date.now();
const results = await runProgramme({
  scenarios,
  runs,
  seed,
  long: values.long,
  systems,
  say,
  belongings,
}).catch((error: unknown) => {
  if (stopping) return [];
  throw error;
});
if (stopping) await new Promise<never>(() => undefined);
const described = describeRun(results, { seed, long: values.long, startedAtMs });
const report = renderReport(described);
say(`\n${report}`);
// A selection says nothing of the rest, so it is not put in the place of the whole.
if (positionals.length === 0) {
  mkdirSync(path.join(ROOT, 'test/faults/results'), { recursive: true });
  const file = path.join(ROOT, 'test/faults/results', values.long ? 'long.json' : 'short.json');
  writeFileSync(file, `${JSON.stringify(described, undefined, 2)}\n`);
  const { writeDocument } = await import('./report/write-document.js');
  writeDocument(path.join(ROOT, 'docs/faults.md'), report);
}
process.exit(results.every(isGreen) ? 0 : 1);

function isGreen({ runs, skipped }: FaultResult): boolean {
  return runs.every(({ passed }) => passed) && !skipped?.startsWith('its system');
}
