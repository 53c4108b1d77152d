import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { processesToMeasure } from './gateways/start-penstock.js';
import { readOptions, USAGE, type Options } from './options.js';
import { renderSummary } from './report/render-page.js';
import { readResults, type Results, type RowResult } from './report/results.js';
import { profileFlags, writeProfiles } from './report/write-profiles.js';
import { resultsFile, writeReport, type ReportPlaces } from './report/write-report.js';
import { rowNamed } from './rows/index.js';
import type { Row } from './rows/row.js';
import { openWorkbench, type Workbench } from './workbench.js';

/**
 * `npm run bench`: Penstock beside what its users would otherwise pick, in one run on one machine, before one
 * upstream. What is measured is in `rows`; the results of each row are kept when the row is done.
 */
const ROOT = path.resolve(import.meta.dirname, '../../../..');
process.chdir(ROOT);
const say = (line: string) => void process.stdout.write(`${line}\n`);

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n\n${USAGE}`);
  process.exit(2);
}
const places = placesOf(options);
if (options.pageOnly) writeReport(places, readResults(resultsFile(places)));
else await measureAll(options);
process.exit();

async function measureAll({ rows, runs, scale, minutes, profile }: Options): Promise<void> {
  const startedAtMs = performance.now();
  const profilesDir = path.join(ROOT, '.penstock/bench-profiles', String(process.pid));
  const bench = await openWorkbench({
    root: ROOT,
    ...(profile && { nodeFlags: profileFlags(profilesDir) }),
    runs,
    scale,
    say,
    lateAtMs: startedAtMs + minutes * 60_000,
  });
  // The guard ends all that was started, once this process is gone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  let results: Results = readResults(resultsFile(places));
  try {
    for (const row of rows.flatMap((name) => rowNamed(name) ?? [])) {
      const result = await measureRow(bench, row);
      if (!result) continue;
      results = { ...results, [row.name]: result };
      writeReport(places, results);
      say(renderSummary(result));
    }
  } finally {
    await bench.close();
  }
  if (profile) {
    const page = path.join(places.resultsDir, 'profiles.md');
    const about = `Written by \`npm run bench -- --cpu-prof\` over the rows ${rows.join(', ')}. The profiles themselves, for a flame graph: open them in Chrome's DevTools.`;
    writeProfiles({ dir: profilesDir, services: bench.servicesByPid, about, root: ROOT, page });
    say(`profiles are in ${path.relative(ROOT, profilesDir)}, their summary in ${page}`);
  }
  say(`\n${path.relative(ROOT, places.page)} is written, after ${minutesSince(startedAtMs)} minutes`);
}

/** Measures one row; undefined when it failed as a whole, which is said and does not stop the others. */
async function measureRow(bench: Workbench, row: Row): Promise<RowResult | undefined> {
  const startedAtMs = performance.now();
  say(`\n${row.title}`);
  try {
    const measured = await row.measure(bench);
    return {
      title: row.title,
      on: new Date().toISOString().slice(0, 10),
      machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`,
      processes: processesToMeasure(),
      ...measured,
      leftOut: bench.takeLeftOut(),
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    };
  } catch (error) {
    process.exitCode = 1;
    say(`the row ${row.name} could not be measured: ${(error as Error).stack}`);
    bench.takeLeftOut();
    return undefined;
  }
}

function placesOf({ quick }: Options): ReportPlaces {
  const findings = 'test/bench/findings.yaml';
  return quick
    ? { resultsDir: '.penstock/bench-quick', page: '.penstock/bench-quick/benchmark.md', findings }
    : { resultsDir: 'test/bench/results', page: 'docs/benchmark.md', findings };
}

function minutesSince(startedAtMs: number): string {
  return ((performance.now() - startedAtMs) / 60_000).toFixed(1);
}
