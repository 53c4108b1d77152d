// node deploy/local/run.mjs <file> [arguments]: installs and builds what is missing, then runs the file with the
// pinned Node. What is behind every npm script that has to work in a fresh clone.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, environment, Refusal, ROOT } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
try {
  if (!file) throw new Refusal('usage: node deploy/local/run.mjs <file> [arguments]');
  const node = ensureInstalled();
  ensureBuilt(node);
  const flags = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];
  const child = spawn(node, [...flags, path.join(ROOT, file), ...args], {
    stdio: 'inherit',
    env: environment(),
  });
  // It decides what a signal means; this process only stays until it is gone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => (process.exitCode = signal ? 1 : (code ?? 1)));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  fail(error.message);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
