import type { LiveCandidate } from './order.js';

/**
 * Brings the deployment that a conversation belongs to to the front, so that it finds its prompt cache warm. Every
 * router finds the same one without being told, and when a deployment comes or goes, only the conversations that
 * belong to it move.
 *
 * Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998), rendezvous hashing.
 */
export function byAffinity(
  candidates: readonly LiveCandidate[],
  conversation: string,
  isAvailable: (candidate: LiveCandidate) => boolean,
): LiveCandidate[] {
  let owner: LiveCandidate | undefined;
  let best = -1;
  for (const candidate of candidates) {
    const score = hashToUnit(`${conversation} ${candidate.deployment.id}`);
    if (score <= best || !isAvailable(candidate)) continue;
    owner = candidate;
    best = score;
  }
  return owner ? [owner, ...candidates.filter((candidate) => candidate !== owner)] : [...candidates];
}

/** A number in [0, 1) that is the same for the same text everywhere: FNV-1a with Murmur3's finish. */
export function hashToUnit(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
