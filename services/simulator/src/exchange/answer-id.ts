import type { Random } from '@penstock/resilience';

/** Sixteen hex digits that tell two answers apart; dialects put their prefix before them. */
export function newAnswerId(random: Random): string {
  return hex(random) + hex(random);
}

function hex(random: Random): string {
  return (0x1_0000_0000 + Math.floor(random() * 0x1_0000_0000)).toString(16).slice(1);
}
