import type { FaultRule } from '../faults/fault.js';
import type { Distribution } from '../latency/distribution.js';

/** What a model is for: a call of another kind does not find it. */
export const MODEL_KINDS = ['chat', 'embedding', 'moderation', 'image', 'speech', 'transcription'] as const;

export type ModelKind = (typeof MODEL_KINDS)[number];

/** How one model of the simulator behaves; every part of it can be changed while it runs. */
export interface SimulatedModel {
  readonly id: string;
  readonly kind: ModelKind;
  /** Input and output together; more is refused as the dialect refuses it. Default 128,000. */
  readonly contextTokens: number;
  readonly latency: LatencySettings;
  readonly output: OutputSettings;
  readonly limits: LimitSettings;
  /** The first rule that strikes decides. */
  readonly faults: readonly FaultRule[];
}

export interface LatencySettings {
  /** Milliseconds from the end of the request to the first token. Default 0. */
  readonly firstTokenMs: Distribution;
  /** Output tokens a second after the first. Null, the default, is all at once. */
  readonly tokensPerSecond: Distribution | null;
}

export interface OutputSettings {
  /** Tokens of an answer that nothing else bounds. Default 16. */
  readonly tokens: Distribution;
  /** Tokens of thought before every answer. Default 0. */
  readonly reasoningTokens: number;
  /** Part of the input that counts as read from the prompt cache, 0 to 1. Default 0. */
  readonly cachedShare: number;
  /** Length of an embedding when the request does not say. Default 256. */
  readonly embeddingDimensions: number;
}

/** Counted for each key on its own. A null, the default, is no limit. */
export interface LimitSettings {
  /** In any 60 seconds. */
  readonly requestsPerMinute: number | null;
  /** Input and output together, in any 60 seconds. */
  readonly tokensPerMinute: number | null;
  /** Calls under way at a time. */
  readonly concurrency: number | null;
  /** What a call refused for `concurrency` is told to wait. Null sends no Retry-After: when a slot frees is unknown. */
  readonly concurrencyRetryAfterMs: number | null;
}
