import type { Usage } from '@penstock/contracts';

/** Bytes of English text, or of JSON around it, that make about one token of the usual vocabularies. */
const BYTES_PER_TOKEN = 4;

export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** What a provider probably charges for an attempt whose usage it never told. */
export function estimatedUsage(requestBytes: number, outputTokens: number): Usage {
  return { inputTokens: estimateTokens(requestBytes), outputTokens, source: 'estimated' };
}
