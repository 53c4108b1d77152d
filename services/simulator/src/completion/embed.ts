import { hash32 } from './hash.js';

/** Coordinates that one word touches. */
const TOUCHED = 8;

/**
 * A unit vector for a text, the same every time: each word adds or takes away 1 at a few coordinates that its hash
 * names, so texts that share words lie near each other. Source: Weinberger and others, "Feature Hashing for Large
 * Scale Multitask Learning", 2009.
 */
export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().split(/\s+/)) {
    for (let i = 0; i < TOUCHED; i++) {
      const hash = hash32(word, i + 1);
      const at = hash % dimensions;
      vector[at] = (vector[at] ?? 0) + (hash & 0x8000_0000 ? -1 : 1);
    }
  }
  let square = 0;
  for (const value of vector) square += value * value;
  // What was added can cancel out: any unit vector is then as good as another.
  if (square === 0) vector[0] = square = 1;
  const length = Math.sqrt(square);
  return vector.map((value) => value / length);
}
