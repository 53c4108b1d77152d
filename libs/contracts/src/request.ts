import type { Refusal } from './errors.js';
import type { PriorityClass } from './priority-class.js';

/** What admission has to know of a request's body, whichever API it is written in. */
export interface RequestSummary {
  readonly model: string;
  readonly stream: boolean;
  readonly estimatedInputTokens: number;
  /** The client's own bound on the answer; undefined when it set none. */
  readonly maxOutputTokens: number | undefined;
  /** Absent unless the request asks to be served cheaper and later, or dearer and sooner, in its API's own words. */
  readonly serviceTier?: ServiceTier;
  /** Absent for a request that asks nothing special of a deployment. */
  readonly needs?: RequestNeeds;
  /** Absent when the body says nothing of where it is to run. */
  readonly routing?: RoutingFields;
  /** A name that the client gives to what shares a prompt's beginning, such as OpenAI's `prompt_cache_key`. */
  readonly conversation?: string;
  /** Absent when the client says nothing. */
  readonly labels?: JobLabels;
  /** The preset that the body names beside its model, as it was sent. */
  readonly preset?: unknown;
}

/** What the caller says of a request for its own books: kept with its ledger rows, and read by nobody here. */
export interface JobLabels {
  /** Whom it asks for. */
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** OpenAI's words for a class: `flex` is `batch`, `priority` is `interactive`. */
export const SERVICE_TIERS = { flex: 'batch', priority: 'interactive' } as const satisfies Record<
  string,
  PriorityClass
>;

export type ServiceTier = keyof typeof SERVICE_TIERS;

/** The tier that a body names; undefined for one that leaves the class as it is. */
export function serviceTierOf(value: unknown): ServiceTier | undefined {
  return value === 'flex' || value === 'priority' ? value : undefined;
}

/** What a request asks of a deployment, beside tokens. */
export interface RequestNeeds {
  readonly tools?: true;
  readonly vision?: true;
  readonly jsonSchema?: true;
  /** The parameters that the request sets. Only where its caller requires that all of them are supported. */
  readonly parameters?: readonly string[];
}

/** The fields of a body that are meant for Penstock and not for a provider, as they were sent: nothing is checked. */
export interface RoutingFields {
  readonly provider?: unknown;
  readonly models?: unknown;
  readonly session_id?: unknown;
}

/** Their names. */
export const ROUTING_FIELDS = ['provider', 'models', 'session_id'] as const;

/** The result of reading something that came from outside. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };
