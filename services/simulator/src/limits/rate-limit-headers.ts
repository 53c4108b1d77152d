import type { LimitState } from './call-limiter.js';

/** The headers that OpenAI sends, as a flat list of names and values; nothing for a limit that is not set. */
export function rateLimitHeaders(state: LimitState): string[] {
  const headers: string[] = [];
  for (const kind of ['requests', 'tokens'] as const) {
    const window = state[kind];
    if (!window) continue;
    headers.push(
      `x-ratelimit-limit-${kind}`,
      String(window.limit),
      `x-ratelimit-remaining-${kind}`,
      String(Math.floor(window.remaining)),
      `x-ratelimit-reset-${kind}`,
      formatDuration(window.resetMs),
    );
  }
  return headers;
}

/** `Retry-After` in whole seconds, never too short, and OpenAI's exact `retry-after-ms` beside it. */
export function retryAfterHeaders(retryAfterMs: number | undefined): string[] {
  if (retryAfterMs === undefined) return [];
  return [
    'retry-after',
    String(Math.ceil(retryAfterMs / 1000)),
    'retry-after-ms',
    String(Math.ceil(retryAfterMs)),
  ];
}

/** A duration as OpenAI writes it, which is Go's way: `1m0s`, `8.64s`, `6ms`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.ceil(durationMs);
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  return minutes === 0 ? seconds : minutes < 60 ? `${minutes}m${seconds}` : hours(minutes, seconds);
}

function hours(minutes: number, seconds: string): string {
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
