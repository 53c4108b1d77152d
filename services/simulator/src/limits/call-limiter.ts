import type { LimitSettings } from '../models/simulated-model.js';
import { SlidingWindow } from './sliding-window.js';

const MINUTE_MS = 60_000;

/** Why a call is refused, and when the same call would be let in; undefined when that cannot be known. */
export interface LimitRefusal {
  readonly limit: 'requests' | 'tokens' | 'concurrency';
  readonly allowed: number;
  readonly used: number;
  readonly retryAfterMs: number | undefined;
}

/** The state of the limits right after a call, as the `x-ratelimit-*` headers tell it. */
export interface LimitState {
  readonly requests: WindowState | undefined;
  readonly tokens: WindowState | undefined;
}

export interface WindowState {
  readonly limit: number;
  readonly remaining: number;
  /** Until nothing of the window is used. */
  readonly resetMs: number;
}

/**
 * The limits of one model for one key. Everything let in is counted even while there is no limit, so that a limit set
 * at run time holds at once for the minute that has passed. Refused calls count nowhere: asking again does not make
 * the wait longer.
 */
export class CallLimiter {
  private readonly requests = new SlidingWindow(MINUTE_MS);
  private inFlight = 0;

  /** Whether a call of `tokens` is let in; lets it in when it returns undefined. */
  enter(limits: LimitSettings, nowMs: number, tokens: number): LimitRefusal | undefined {
    const refusal = this.refusal(limits, nowMs, tokens);
    if (refusal) return refusal;
    this.requests.add(nowMs, tokens);
    this.inFlight++;
    return undefined;
  }

  leave(): void {
    this.inFlight--;
  }

  state(limits: LimitSettings, nowMs: number): LimitState {
    const window = (limit: number | null, used: number) =>
      limit === null
        ? undefined
        : { limit, remaining: Math.max(0, limit - used), resetMs: this.requests.emptyInMs(nowMs) };
    return {
      requests: window(limits.requestsPerMinute, this.requests.count(nowMs)),
      tokens: window(limits.tokensPerMinute, this.requests.total(nowMs)),
    };
  }

  /** True when forgetting this limiter would change nothing. */
  isIdle(nowMs: number): boolean {
    return this.inFlight === 0 && this.requests.count(nowMs) === 0;
  }

  private refusal(limits: LimitSettings, nowMs: number, tokens: number): LimitRefusal | undefined {
    const { requestsPerMinute, tokensPerMinute, concurrency } = limits;
    if (concurrency !== null && this.inFlight >= concurrency) {
      const retryAfterMs = limits.concurrencyRetryAfterMs ?? undefined;
      return { limit: 'concurrency', allowed: concurrency, used: this.inFlight, retryAfterMs };
    }
    const calls = this.requests.count(nowMs);
    if (requestsPerMinute !== null && calls >= requestsPerMinute) {
      const retryAfterMs =
        requestsPerMinute === 0 ? MINUTE_MS : this.requests.countInMs(nowMs, requestsPerMinute - 1);
      return { limit: 'requests', allowed: requestsPerMinute, used: calls, retryAfterMs };
    }
    const used = this.requests.total(nowMs);
    if (tokensPerMinute !== null && used + tokens > tokensPerMinute) {
      // A call larger than the whole limit is never let in, as at the providers; the window's length is as good an
      // answer as any.
      const fits = tokens <= tokensPerMinute;
      const retryAfterMs = fits ? this.requests.totalInMs(nowMs, tokensPerMinute - tokens) : MINUTE_MS;
      return { limit: 'tokens', allowed: tokensPerMinute, used, retryAfterMs };
    }
    return undefined;
  }
}
