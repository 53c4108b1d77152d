import type { LimitState } from '../../limits/call-limiter.js';

/** The headers that Anthropic sends: the time at which a limit is whole again is an RFC 3339 instant. */
export function anthropicLimitHeaders(state: LimitState, nowMs: number): string[] {
  const headers: string[] = [];
  for (const kind of ['requests', 'tokens'] as const) {
    const window = state[kind];
    if (!window) continue;
    const reset = new Date(nowMs + window.resetMs).toISOString().replace(/\.\d+Z$/, 'Z');
    const prefix = `anthropic-ratelimit-${kind}`;
    headers.push(`${prefix}-limit`, String(window.limit));
    headers.push(`${prefix}-remaining`, String(Math.floor(window.remaining)), `${prefix}-reset`, reset);
  }
  return headers;
}
