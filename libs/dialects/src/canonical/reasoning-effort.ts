import type { ReasoningEffort } from '@penstock/contracts';

const EFFORTS: Readonly<Record<string, ReasoningEffort>> = {
  none: 'none',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  // Above it there is nothing that every provider has a word for.
  max: 'xhigh',
};

/** The canonical effort behind a client's word; undefined for a word that none is known for. */
export function reasoningEffort(word: string): ReasoningEffort | undefined {
  return Object.hasOwn(EFFORTS, word) ? EFFORTS[word] : undefined;
}
