import type { Api } from '@penstock/contracts';

/**
 * What a rule is applied to. `response` is whole answers and the events of streams alike, `answer` and `event` one of
 * the two.
 */
export type RuleTarget = 'request' | 'response' | 'answer' | 'event';

/**
 * One declared change of a document, as `penstock.yaml` has it: exactly one of the kinds is there. Fields are dotted
 * paths, in which `*` stands for every element of a list.
 */
export interface Rule {
  /** Default `request`. */
  readonly on?: RuleTarget;
  /** Of which client APIs. Absent: of all. */
  readonly apis?: readonly Api[];
  readonly rename?: { readonly from: string; readonly to: string };
  /** Values of fields that are absent, or null. */
  readonly default?: Readonly<Record<string, unknown>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly drop?: readonly string[];
  readonly clamp?: Readonly<Record<string, Bounds>>;
  /** An expression whose value takes the document's place. */
  readonly jsonata?: string;
  readonly trimMessages?: {
    /** Tokens of the request; `context`: as many as the deployment has for it beside the answer. */
    readonly to: 'context' | number;
  };
  readonly prependSystem?: string;
}

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether any of the rules shortens a conversation. */
export function trims(rules: readonly Pick<Rule, 'trimMessages'>[] = []): boolean {
  return rules.some(({ trimMessages }) => trimMessages !== undefined);
}
