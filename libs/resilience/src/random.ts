/** A number in [0, 1), given like the clock. */
export type Random = () => number;

/**
 * A seeded source with a period of 2^32, for simulations and tests that have to repeat.
 * Source: Tommy Ettinger's mulberry32, public domain.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
