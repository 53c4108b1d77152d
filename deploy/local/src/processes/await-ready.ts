import { existsSync, readFileSync } from 'node:fs';
import { sleep, systemClock, type Clock } from '@penstock/resilience';
import { describeExit, type RunningProcess } from './run-process.js';

/** Between two probes: short at first, for what is there at once; then so long that probing costs nothing. */
const PROBE_PERIOD_MS = { first: 10, growth: 1.3, most: 100 };

/**
 * Asks `probe` until it answers true. Fails as soon as the process ends, or when `timeoutMs` is over; either way
 * with the last lines the process wrote, because they are what says why. A process that failed is stopped.
 */
export async function awaitReady(
  running: RunningProcess,
  logFile: string,
  probe: () => Promise<boolean>,
  options: { timeoutMs?: number; clock?: Clock } = {},
): Promise<void> {
  try {
    await untilReady(running, logFile, probe, options);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function untilReady(
  running: RunningProcess,
  logFile: string,
  probe: () => Promise<boolean>,
  { timeoutMs = 30_000, clock = systemClock }: { timeoutMs?: number; clock?: Clock } = {},
): Promise<void> {
  const giveUpAtMs = clock.monotonicMs() + timeoutMs;
  let periodMs = PROBE_PERIOD_MS.first;
  while (!(await probe())) {
    const exit = running.exit();
    if (exit) throw new Error(`${running.name} ended at start (${describeExit(exit)})${lastLines(logFile)}`);
    if (clock.monotonicMs() > giveUpAtMs) {
      throw new Error(`${running.name} is not ready after ${timeoutMs} ms${lastLines(logFile)}`);
    }
    await sleep(clock, periodMs);
    periodMs = Math.min(periodMs * PROBE_PERIOD_MS.growth, PROBE_PERIOD_MS.most);
  }
}

/** The end of a log, set off so that it can follow a sentence. Empty when there is none. */
export function lastLines(logFile: string, count = 8): string {
  if (!existsSync(logFile)) return '';
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count);
  return lines.join('').trim() === '' ? '' : `\n${lines.map((line) => `    ${line}`).join('\n')}`;
}
