import { SpanKind, SpanStatusCode, type Attributes, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;

/** A finished span as plain data, wherever it was collected. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the root. */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: (typeof SPAN_KINDS)[number];
  readonly service: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** What happened on the way. Absent where nothing did, and for spans that came over the wire. */
  readonly events?: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly failed: boolean;
}

export function spanRecord(span: ReadableSpan): SpanRecord {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
    name: span.name,
    kind: SPAN_KINDS[span.kind] ?? SPAN_KINDS[SpanKind.INTERNAL],
    service: String(span.resource.attributes['service.name']),
    startMs: milliseconds(span.startTime),
    endMs: milliseconds(span.endTime),
    attributes: span.attributes,
    ...(span.events.length > 0 && {
      events: span.events.map(({ name, attributes = {} }) => ({ name, attributes })),
    }),
    failed: span.status.code === SpanStatusCode.ERROR,
  };
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
