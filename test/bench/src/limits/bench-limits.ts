import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { backlogAndPeople } from './backlog-and-people.js';
import { hiddenConcurrency } from './hidden-concurrency.js';
import type { Measure, Measured } from './measure.js';
import { sharedMinute } from './shared-minute.js';

/**
 * `npm run bench:limits`: what the running system does with limits and with many who wait. Each measure starts an
 * installation of its own, processes and servers included, and judges what the simulated provider counted. Names of
 * measures run only those; `--short` takes less time and proves less. Exits with 1 if a measure fell short.
 */
const ROOT = path.resolve(import.meta.dirname, '../../../../..');
process.chdir(ROOT);
const MEASURES: readonly Measure[] = [sharedMinute, hiddenConcurrency, backlogAndPeople];

const asked = process.argv.slice(2);
const short = asked.includes('--short');
const names = asked.filter((word) => word !== '--short');
const unknown = names.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length > 0) {
  const known = MEASURES.map(({ name }) => name).join(', ');
  process.stderr.write(`there is no measure ${unknown.join(', ')}; there are ${known}\n`);
  process.exit(2);
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const chosen = MEASURES.filter(({ name }) => names.length === 0 || names.includes(name));
const results: Record<string, Measured> = {};
for (const measure of chosen) {
  say(`\n${measure.title}`);
  const measured = await measure.run({ root: ROOT, short, say });
  results[measure.name] = measured;
  for (const { what, figure, bound, met } of measured.findings)
    say(`  ${met ? 'met      ' : 'FELL SHORT'} ${what}: ${figure} (${bound})`);
}
const folder = short ? '.penstock/bench-limits-short' : 'test/bench/results/limits';
mkdirSync(folder, { recursive: true });
const machine = `${availableParallelism()} cores, Node ${process.version}`;
for (const [name, measured] of Object.entries(results)) {
  const kept = { on: new Date().toISOString().slice(0, 10), machine, ...measured };
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(kept, undefined, 2)}\n`);
}
process.exit(Object.values(results).every(({ findings }) => findings.every(({ met }) => met)) ? 0 : 1);
