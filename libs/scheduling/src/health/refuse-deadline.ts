import { refusal, type Refusal } from '@penstock/contracts';
import type { HealthBook } from './health-book.js';

/**
 * The refusal of a deadline that cannot be met: less is left than half of what the quickest deployment lately took,
 * by its median, to begin its answer. Undefined for one that can, and while nothing is known of one of them.
 */
export function refuseDeadline(
  health: Pick<HealthBook, 'report'>,
  runsOn: readonly string[],
  leftMs: number,
  nowMs: number,
  param: string,
): Refusal | undefined {
  let quickestMs = Infinity;
  for (const deployment of runsOn) {
    const { firstTokenMs } = health.report(deployment, nowMs);
    if (!firstTokenMs) return undefined;
    quickestMs = Math.min(quickestMs, firstTokenMs.p50);
  }
  if (quickestMs === Infinity || leftMs >= quickestMs / 2) return undefined;
  const message =
    `The deadline cannot be met: it leaves ${Math.max(0, Math.round(leftMs))} ms, and the quickest deployment ` +
    `lately took ${Math.round(quickestMs)} ms to begin its answer.`;
  return refusal('unprocessable', { param, message });
}
