import type { Price } from '@penstock/contracts';

/** What a model is where it is tried first: its price, its limits, what it can do. What is absent is not known. */
export interface ModelOffer {
  readonly provider: string;
  readonly upstreamModel: string;
  readonly price: Price;
  /** Input and output together. */
  readonly contextTokens?: number;
  /** The longest answer that the vendor gives. */
  readonly longestAnswerTokens?: number;
  readonly capabilities?: {
    readonly tools?: boolean;
    readonly vision?: boolean;
    readonly jsonSchema?: boolean;
    readonly parameters?: readonly string[];
  };
}

/** US dollars for one token, as decimal text: `0.00000015`. */
export function perToken(usdPerMillion: number): string {
  // A price has at most six digits behind the point, so twelve hold it.
  return (usdPerMillion / 1e6).toFixed(12).replace(/\.?0+$/, '');
}
