const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * A duration as providers write it in rate-limit headers, in milliseconds: `6m0s`, `1s`, `20ms`, `2m59.56s`, or a
 * bare number of seconds. Undefined for anything else.
 */
export function readWireDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|d|h|m|s))+$/.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return totalMs;
}

/** Milliseconds from now until an instant in RFC 3339 or the HTTP-date format, never negative; undefined for anything else. */
export function readWireInstant(text: string, nowMs: number): number | undefined {
  const atMs = /^\d{4}-\d{2}-\d{2}T|^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
