import { JOBS_OF_BUNDLE } from '@penstock/messaging';

/** How far ahead of the outcomes lines are released. */
export interface ReleaseWindow {
  /** Lines released and without an outcome, at most. */
  readonly outstanding: number;
  /** Lines released in one go: one cursor written to Postgres, one flight of publishes. */
  readonly flight: number;
}

/** Enough to keep several thousand jobs a second flowing; at 1 KB each it is 2 MB of JetStream. */
export const DEFAULT_RELEASE_WINDOW: ReleaseWindow = { outstanding: 2_000, flight: 512 };

export interface ReleaseProgress {
  readonly total: number;
  /** Lines 1 to `released` are in the lane, running, or done. */
  readonly released: number;
  /** Released lines whose outcome has arrived. */
  readonly arrived: number;
}

/** How many lines to release now: 0 means to wait for more outcomes. */
export function nextRelease(progress: ReleaseProgress, window: ReleaseWindow): number {
  const left = progress.total - progress.released;
  const outstanding = progress.released - progress.arrived;
  const room = window.outstanding - outstanding;
  const count = Math.min(left, room, window.flight);
  if (count <= 0) return 0;
  // A trickle of outcomes must not become a write to Postgres each: wait until a good piece can go at once.
  const worthwhile = Math.min(left, window.flight, Math.ceil(window.outstanding / 4));
  if (count < worthwhile && outstanding > 0) return 0;
  return count < left ? upToBundle(progress.released, count) : count;
}

/** Fewer, so that no bundle is cut in two; all of them if they are less than one. */
function upToBundle(released: number, count: number): number {
  const whole = count - ((released + count) % JOBS_OF_BUNDLE);
  return whole > 0 ? whole : count;
}
