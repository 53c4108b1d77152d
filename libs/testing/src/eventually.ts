import { sleep, systemClock } from '@penstock/resilience';

const PERIOD_MS = 10;

/**
 * Asks again until `condition` gives something true, and gives that. A throw counts as "not yet". Rejects after
 * `timeoutMs` (default 10 s) with the last throw, so that the reason is in the report.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const giveUpAtMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined | 0 | ''>;
    } catch (error) {
      last = error;
    }
    if (systemClock.monotonicMs() >= giveUpAtMs) {
      throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause: last });
    }
    await sleep(systemClock, PERIOD_MS);
  }
}
