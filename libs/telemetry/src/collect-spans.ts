import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { spanRecord, type SpanRecord } from './span-record.js';

/**
 * Keeps finished spans in memory, for tests: give `processor` to the `startTelemetry` of each service whose
 * spans are wanted.
 */
export interface CollectedSpans {
  readonly processor: SpanProcessor;
  /** All spans finished so far, in the order in which they ended. */
  finished(): SpanRecord[];
  clear(): void;
}

/** The SDK's own exporter in memory hears of a span only after its resource is complete, turns later. */
export function collectSpans(): CollectedSpans {
  const spans: SpanRecord[] = [];
  return {
    processor: {
      onStart() {},
      onEnd: (span) => void spans.push(spanRecord(span)),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
    finished: () => [...spans],
    clear: () => void spans.splice(0),
  };
}
