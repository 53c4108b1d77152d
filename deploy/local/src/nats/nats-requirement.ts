/**
 * The oldest nats-server that can carry Penstock. Older ones accept stream settings they do not know without a
 * word and then do not act on them, so a job would be lost quietly; hence the level is asked for at every start.
 *
 * Level 1 came with 2.11 (per-message TTL, which RESULTS needs), level 2 with 2.12 (message schedules, which
 * DELAYED needs). Source: nats-io/nats-architecture-and-design, ADR-44 and ADR-51.
 */
export const REQUIRED_NATS = { apiLevel: 2, version: [2, 12, 0] } as const;

/** The version in the output of `nats-server --version`, or in a server's INFO; undefined when there is none. */
export function parseNatsVersion(text: string): readonly [number, number, number] | undefined {
  const match = /\bv?(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

export function isNewEnough(version: readonly [number, number, number]): boolean {
  for (const [index, required] of REQUIRED_NATS.version.entries()) {
    const actual = version[index] ?? 0;
    if (actual !== required) return actual > required;
  }
  return true;
}
