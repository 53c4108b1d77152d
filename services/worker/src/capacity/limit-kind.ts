import type { Limits } from '@penstock/contracts';

/** What a limit counts: calls at a time, or something in any 60 seconds. */
export type LimitKind = 'concurrency' | WindowKind;

export type WindowKind = 'requests' | TokenKind;

export type TokenKind = 'tokens' | 'inputTokens' | 'outputTokens';

/** Tokens of one call: estimated before it, and as the provider counted them after it. */
export interface TokenCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const TOKEN_KINDS: readonly TokenKind[] = ['tokens', 'inputTokens', 'outputTokens'];

const FIELD: Readonly<Record<LimitKind, keyof Limits>> = {
  concurrency: 'concurrency',
  requests: 'rpm',
  tokens: 'tpm',
  inputTokens: 'inputTpm',
  outputTokens: 'outputTpm',
};

/** The limits that were configured, by what they count. */
export function configuredLimits(limits: Limits): Map<LimitKind, number> {
  const configured = new Map<LimitKind, number>();
  for (const [kind, field] of Object.entries(FIELD) as [LimitKind, keyof Limits][]) {
    const limit = limits[field];
    if (limit !== undefined) configured.set(kind, limit);
  }
  return configured;
}

/** What a call weighs in a limit. Never 0, so that nothing is taken without being counted. */
export function weightOf(kind: WindowKind, { inputTokens, outputTokens }: TokenCount): number {
  switch (kind) {
    case 'requests':
      return 1;
    case 'tokens':
      return Math.max(1, inputTokens + outputTokens);
    case 'inputTokens':
      return Math.max(1, inputTokens);
    case 'outputTokens':
      return Math.max(1, outputTokens);
  }
}
