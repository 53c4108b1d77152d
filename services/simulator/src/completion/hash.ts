/** A 32-bit hash of a text and a starting value. Source: Fowler, Noll and Vo, FNV-1a, over UTF-16 code units. */
export function hash32(text: string, start = 0): number {
  let hash = (0x811c9dc5 ^ start) >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
