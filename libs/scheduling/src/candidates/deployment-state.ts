import type { BreakerState, Percentiles } from '@penstock/contracts';

/** How a deployment is now, all workers together. */
export interface DeploymentState {
  readonly breaker: BreakerState;
  /** The provider asked to be left alone until then. */
  readonly closedUntilMs?: number;
  /** A significant part of its calls failed in the last 30 seconds. */
  readonly degraded: boolean;
  /** Free slots over all slots: 0 is full, 1 is idle. */
  readonly headroom: number;
  /** Time to the first token over the last five minutes. */
  readonly firstTokenMs?: Percentiles;
  /** Tokens a second over the last five minutes, p50 the median and p90 what 90 % of calls reach. */
  readonly tokensPerSecond?: Percentiles;
}

/** What is assumed of a deployment nobody has told anything about. */
export const UNKNOWN_STATE: DeploymentState = { breaker: 'closed', degraded: false, headroom: 1 };

/** Whether it is called at all now: neither has its breaker opened nor did its provider ask to be left alone. */
export function isAtHand(state: DeploymentState, nowMs: number): boolean {
  return state.breaker === 'closed' && (state.closedUntilMs ?? 0) <= nowMs;
}

export function isAvailable(state: DeploymentState, nowMs: number): boolean {
  return isAtHand(state, nowMs) && !state.degraded;
}
