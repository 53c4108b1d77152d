import type { FaultKind } from '../faults/fault.js';

/** Which API a call came in by. */
export const CALL_APIS = [
  'openai.chat',
  'openai.completions',
  'openai.embeddings',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
  'openai.moderations',
  'openai.images.generations',
  'openai.images.edits',
  'openai.audio.speech',
  'openai.audio.transcriptions',
  'openai.audio.translations',
] as const;
export type CallApi = (typeof CALL_APIS)[number];

/**
 * How a call ended, from the provider's side. `completed`: all was sent. `aborted`: the caller left before that.
 * `faulted`: a fault was ordered for it, whatever the caller then did. `refused`: a limit, or the request itself, kept
 * it from running; nothing is charged.
 */
export const CALL_OUTCOMES = ['completed', 'aborted', 'faulted', 'refused'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** One call as the simulator saw it: what a provider's bill would be made from. */
export interface LedgerEntry {
  /** Counts the calls from 1 in the order in which they ended; never used twice, not even after the ledger is cleared. */
  readonly sequence: number;
  /** The caller's `x-request-id`: Penstock's attempt. Empty when it sent none. */
  readonly attempt: string;
  readonly api: CallApi;
  readonly model: string;
  /** First 16 hex digits of the key's SHA-256; `none` without a key. */
  readonly key: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: CallOutcome;
  /** The fault that struck, if one did. */
  readonly fault: FaultKind | null;
  /** The status sent; 0 when the connection was closed without one. */
  readonly status: number;
  readonly streamed: boolean;
  /** True when the caller closed the connection before the answer was sent in full. */
  readonly callerLeft: boolean;
  /** Charged. An answer that was broken off is charged for the input and for what was produced of it. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens`: read from the prompt cache. */
  readonly cachedTokens: number;
  /** Part of `inputTokens`: written to it. */
  readonly cacheWriteTokens: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens: number;
}
