import { z } from 'zod';

const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `30s`; undefined for what is none. */
export function parseDurationMs(text: string): number | undefined {
  const match = FORM.exec(text);
  const unitMs = match?.[2] === undefined ? undefined : UNIT_MS[match[2]];
  return match && unitMs !== undefined ? Math.round(Number(match[1]) * unitMs) : undefined;
}

/** A duration such as `250ms`, `30s`, `5m`, `24h` or `7d`; read as milliseconds. */
export const durationMs = z
  .string()
  .regex(FORM, 'must be a number and a unit, such as 250ms, 30s, 5m, 24h or 7d')
  .transform((text) => parseDurationMs(text) ?? 0);
