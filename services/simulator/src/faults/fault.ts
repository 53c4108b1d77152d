/**
 * What can go wrong with a call, as a closed set.
 *
 * Before the answer: `status` answers with that error in the dialect's shape; `hang` never answers; `reset` closes
 * the connection without an answer; `wrong_content_type` answers 200 with a page of HTML.
 *
 * Within the answer: `drip` sends the answer byte by byte with a pause between pieces; `cut` closes the connection
 * after some events (`midEvent`: in the middle of the next one); `truncate` ends the answer properly as HTTP goes,
 * but without the dialect's own ending; `error_event` ends the stream with an error in the dialect's shape;
 * `stall` stops sending and keeps the connection open; `malformed` spoils the JSON of one event, or of the whole
 * answer; `missing_usage` leaves the usage out.
 */
export type Fault = WholeFault | PartialFault;

/** Strikes before the answer: nothing of it is sent, and nothing is charged. */
export type WholeFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: 'hang' | 'reset' | 'wrong_content_type' };

/** Strikes within the answer: what was produced of it is charged. */
export type PartialFault =
  | { readonly kind: 'missing_usage' }
  | { readonly kind: 'drip'; readonly bytes: number; readonly pauseMs: number }
  | { readonly kind: 'cut'; readonly afterEvents: number; readonly midEvent: boolean }
  | { readonly kind: 'truncate' | 'error_event' | 'stall' | 'malformed'; readonly afterEvents: number };

const WHOLE_FAULTS: ReadonlySet<Fault['kind']> = new Set(['status', 'hang', 'reset', 'wrong_content_type']);

export function isWholeFault(fault: Fault): fault is WholeFault {
  return WHOLE_FAULTS.has(fault.kind);
}

export const FAULT_KINDS = [
  'status',
  'hang',
  'reset',
  'wrong_content_type',
  'missing_usage',
  'drip',
  'cut',
  'truncate',
  'error_event',
  'stall',
  'malformed',
] as const satisfies readonly Fault['kind'][];

export type FaultKind = (typeof FAULT_KINDS)[number];

/**
 * When a fault strikes: all that is given must hold. Times count from when the rules were set, calls from the first
 * one after that, starting at 1.
 */
export interface FaultRule {
  readonly fault: Fault;
  /** Probability, 0 to 1. The rates of a model's rules add up to 1 at most: they share one draw a call. */
  readonly rate?: number;
  /** Every nth call. */
  readonly every?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly fromCall?: number;
  readonly toCall?: number;
}
