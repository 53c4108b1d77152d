import type { LatencySettings } from '../models/simulated-model.js';

/**
 * Reads a latency as it is written in `x-simulator-latency` and in a prompt's `[[latency: …]]`: milliseconds to the
 * first token, and optionally tokens a second after it, as in `200` or `200 50`. Undefined when it is not that.
 */
export function readLatency(order: string): LatencySettings | undefined {
  const match = /^(\d{1,7}(?:\.\d+)?)(?:\s+(\d{1,7}(?:\.\d+)?))?$/.exec(order.trim());
  if (!match) return undefined;
  const tokensPerSecond = Number(match[2] ?? 0);
  return { firstTokenMs: Number(match[1]), tokensPerSecond: tokensPerSecond > 0 ? tokensPerSecond : null };
}
