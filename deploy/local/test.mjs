// `npm test`: everything that has to hold, cheapest first; then one line with how much of it does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { environment, ROOT } from './bootstrap.mjs';

const bin = (name) => path.join(ROOT, 'node_modules', '.bin', name);
const JEST = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const RESULTS = path.join(ROOT, '.penstock', 'test');

/** Checks that are either right or wrong: each counts as one. */
const CHECKS = [
  ['formatting', bin('prettier'), ['--check', '--log-level=warn', '.']],
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', bin('eslint'), ['.']],
];
const PROJECTS = ['unit', 'servers'];

mkdirSync(RESULTS, { recursive: true });
let passed = 0;
let failed = 0;

for (const [name, command, args] of CHECKS) {
  const ok = run(name, process.execPath, [command, ...args]);
  if (ok) passed++;
  else failed++;
}
for (const project of PROJECTS) {
  const file = path.join(RESULTS, `${project}.json`);
  rmSync(file, { force: true });
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', JEST];
  const ok = run(`${project} tests`, process.execPath, [
    ...flags,
    `--selectProjects=${project}`,
    '--json',
    '--passWithNoTests',
    `--outputFile=${file}`,
    // Each suite has servers of its own on free ports, and waits for most of its time.
    '--maxWorkers=2',
    ...process.argv.slice(2),
  ]);
  const counted = count(file);
  passed += counted.passed;
  // A run that ended badly has failed, whatever it counted.
  failed += counted.failed === 0 && !ok ? 1 : counted.failed;
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function run(name, command, args) {
  process.stdout.write(`\n== ${name}\n`);
  // Jest writes its report to stderr, and its JSON to stdout as well as to the file.
  const stdout = args.includes('--json') ? 'ignore' : 'inherit';
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    env: environment(),
    stdio: ['ignore', stdout, 'inherit'],
  });
  if (status !== 0) process.stdout.write(`${name}: failed\n`);
  return status === 0;
}

/** A suite that could not be run at all has no tests to count, so it counts as one that failed. */
function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}
