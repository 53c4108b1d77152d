import path from 'node:path';
import { readSettings } from '@penstock/config';
import { systemClock } from '@penstock/resilience';
import { startInstallation } from './installation/start-installation.js';
import { welcome } from './installation/welcome.js';

/** `npm start`: all of Penstock on this machine, until Ctrl-C. */

const say = (line: string) => process.stdout.write(`${line}\n`);
const startedAtMs = systemClock.monotonicMs();
const fail = (error: unknown): never => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};

// Where data and configuration are is told relative to the checkout, from wherever it was started.
const root = path.resolve(import.meta.dirname, '../../../..');
process.chdir(root);

const giveUp = new AbortController();
let stopRequestedAtMs: number | undefined;
let installation: Awaited<ReturnType<typeof startInstallation>> | undefined;
let isStopping = false;

const stop = async () => {
  if (!installation || isStopping) return;
  isStopping = true;
  say('draining; a second Ctrl-C stops at once');
  await installation.stop();
  say('stopped');
  process.exit(0);
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const nowMs = systemClock.monotonicMs();
    // A terminal and npm each pass on the same Ctrl-C: what comes within a second is one request.
    if (stopRequestedAtMs !== undefined && nowMs - stopRequestedAtMs > 1_000) {
      installation?.kill();
      process.exit(130);
    }
    stopRequestedAtMs ??= nowMs;
    giveUp.abort(new Error('stopped before it was ready'));
    stop().catch(fail);
  });
}

try {
  installation = await startInstallation({
    settings: readSettings(),
    env: process.env,
    root,
    clock: systemClock,
    say,
    signal: giveUp.signal,
  });
} catch (error) {
  fail(error);
}
if (stopRequestedAtMs !== undefined) stop().catch(fail);
else if (installation) say(welcome(installation, systemClock.monotonicMs() - startedAtMs));
