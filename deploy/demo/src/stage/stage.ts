import type { Database } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import type { SpanReceiver } from '@penstock/telemetry';
import type { Installation } from '../../../local/src/index.js';
import type { ApiClient } from '../outside/api-client.js';

/** What every step of the demo plays on. */
export interface Stage {
  readonly installation: Installation;
  readonly spans: SpanReceiver;
  /** To read what became of everything; nothing is written here. */
  readonly database: Database;
  readonly clients: Readonly<Record<'acme' | 'globex', ApiClient>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Jobs accepted so far, by entrance: what the outcomes are held against. */
  readonly accepted: { http: number; subject: number; batch: number };
  /** Traces that ought to be whole, the most telling last. */
  readonly traceIds: string[];
  close(): Promise<void>;
}
