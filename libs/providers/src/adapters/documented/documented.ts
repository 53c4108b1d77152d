import type { CanonicalCall, CanonicalResult, FailureReason, Usage } from '@penstock/contracts';
import type { AdapterName } from '../adapters.js';

export type Unified = CanonicalResult['finishReason']['unified'];

export const SCHEMA = { type: 'object', properties: { at: { type: 'string' } } } as const;

/** A call with what every provider has a word of its own for. */
export const ASKED: CanonicalCall = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'How high?' }] },
  ],
  maxOutputTokens: 64,
  temperature: 0.5,
  stopSequences: ['END'],
  tools: [{ type: 'function', name: 'look', inputSchema: SCHEMA }],
};

/** What a provider's documentation says of its wire format, for the adapters that go through a package. */
export interface Documented {
  readonly adapter: AdapterName;
  /** What it was checked against: pages, and files of official clients, servers and packages. */
  readonly sources: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
  /** What becomes of `ASKED`, in the provider's own words. */
  readonly request: { readonly path: string; readonly body: object };
  /** Fields of `ASKED` that it has no word for. Absent: none. */
  readonly unsupported?: readonly string[];
  /** A whole answer that ended for the given reason, in the provider's own word. */
  readonly answer: (stopReason: string) => object;
  readonly text: string;
  readonly usage: Usage;
  /** The same, where the provider's package leaves something out and a passed through answer has it. */
  readonly passedThrough?: Usage;
  /** Events with which the provider tells that it broke a stream off. */
  readonly brokenBy?: readonly object[];
  /** The provider's words for why an answer ended; `broken` for one that is no answer. */
  readonly stops: Readonly<Record<string, Unified | 'broken'>>;
  readonly stream: {
    /** `aws`: each event is a frame, under the only name it has. Default: server-sent events. */
    readonly framing?: 'aws';
    readonly events: readonly (object | string)[];
    readonly text: string;
    readonly usage: Usage;
  };
  readonly errors: readonly DocumentedError[];
}

export interface DocumentedError {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reason: FailureReason;
  readonly retryAfterMs?: number;
}
