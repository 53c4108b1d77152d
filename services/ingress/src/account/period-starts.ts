const DAY_MS = 86_400_000;

/** Monday 1970-01-05, on which weeks are counted. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Starts of the present day, week (Monday) and month, at midnight UTC. */
export function periodStarts(nowMs: number): {
  readonly dayMs: number;
  readonly weekMs: number;
  readonly monthMs: number;
} {
  const dayMs = nowMs - (nowMs % DAY_MS);
  const now = new Date(nowMs);
  return {
    dayMs,
    weekMs: dayMs - ((dayMs - FIRST_MONDAY_MS) % (7 * DAY_MS)),
    monthMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1),
  };
}
