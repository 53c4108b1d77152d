import type { ProviderCharge } from './simulator-figures.js';

export interface ChargeComparison {
  /** Attempts that both count, and count alike. */
  readonly alike: number;
  /** Attempts that only one of the two has, or that they count differently. */
  readonly unlike: readonly string[];
}

/** Holds our ledger against the provider's own, attempt by attempt. */
export function compareCharges(
  ours: readonly ProviderCharge[],
  theirs: readonly ProviderCharge[],
): ChargeComparison {
  const text = ({ attempt, inputTokens, outputTokens }: ProviderCharge) =>
    `${attempt} ${inputTokens}/${outputTokens}`;
  const expected = new Map<string, number>();
  for (const charge of theirs) expected.set(text(charge), (expected.get(text(charge)) ?? 0) + 1);
  let alike = 0;
  const unlike: string[] = [];
  for (const charge of ours) {
    const left = expected.get(text(charge)) ?? 0;
    if (left === 0) unlike.push(charge.attempt);
    else {
      alike++;
      expected.set(text(charge), left - 1);
    }
  }
  for (const [charge, left] of expected) if (left > 0) unlike.push(charge.split(' ')[0] ?? '');
  return { alike, unlike: [...new Set(unlike)] };
}
