import type { Directives } from '../completion/directives.js';
import type { PlannedUsage } from '../completion/completion-plan.js';
import type { CallApi } from '../ledger/ledger-entry.js';
import type { LimitState } from '../limits/call-limiter.js';
import type { OutputSettings, SimulatedModel } from '../models/simulated-model.js';
import type { ProviderError } from './provider-error.js';

/**
 * One API as the provider that owns it speaks it: reads requests, renders answers and errors. All of it is pure; what
 * is sent when, and what goes wrong, is decided elsewhere.
 */
export interface Dialect {
  readonly api: CallApi;
  /** The header that carries the provider's own id of the call; undefined where it sends none. */
  readonly idHeader: string | undefined;
  read(body: unknown, target: RequestTarget): Reading<ReadyCall>;
  renderError(error: ProviderError): string;
  /** The error as the last event of a stream. */
  renderErrorEvent(error: ProviderError): string;
  /** What the provider tells of its limits, as a flat list of header names and values. `nowMs` is since the epoch. */
  limitHeaders(state: LimitState, nowMs: number): string[];
}

/** What a request says outside its body. */
export interface RequestTarget {
  /** The model, where the path has it. */
  readonly model?: string;
  /** Where the path decides it: whether the answer is streamed, as events or as one JSON array of chunks. */
  readonly stream?: 'events' | 'array';
}

export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ProviderError };

/** A request that was understood. */
export interface ReadyCall {
  readonly model: string;
  readonly kind: SimulatedModel['kind'];
  readonly stream: boolean;
  /** What the caller said last; directives are read from it. */
  readonly prompt: string;
  plan(directives: Directives, output: OutputSettings, callSeed: number): PlannedAnswer;
}

/** An answer that is decided and only has to be sent. */
export interface PlannedAnswer {
  readonly usage: PlannedUsage;
  /** What `body` is where it is not JSON; in latin1 each character is a byte. */
  readonly media?: { readonly type: string; readonly encoding: 'utf8' | 'latin1' };
  body(stamp: AnswerStamp): string;
  events(stamp: AnswerStamp): Iterable<StreamEvent>;
}

/** What tells two equal answers apart. */
export interface AnswerStamp {
  /** Unique; dialects put their prefix before it. */
  readonly id: string;
  readonly createdAtS: number;
  /** False leaves the usage out, which is a fault. */
  readonly withUsage: boolean;
}

/** One server-sent event, complete with its empty line, and how many output tokens it carries. */
export interface StreamEvent {
  readonly text: string;
  readonly tokens: number;
}
