import { SpanStatusCode } from '@opentelemetry/api';
import { SPAN_KINDS, type SpanRecord } from './span-record.js';

type Attribute = string | number | boolean;

/**
 * Reads the body of an OTLP/HTTP trace export in its JSON encoding. What it does not know it leaves out; it
 * throws for a body that is not JSON, or no export at all.
 */
export function readOtlpJson(body: string): SpanRecord[] {
  const { resourceSpans } = JSON.parse(body) as OtlpRequest;
  if (!resourceSpans) throw new TypeError('no resourceSpans');
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributes(resource?.attributes)['service.name'] ?? 'unknown');
    return (scopeSpans ?? []).flatMap(({ spans }) => (spans ?? []).map((span) => record(span, service)));
  });
}

function record(span: OtlpSpan, service: string): SpanRecord {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
    name: span.name,
    // In OTLP 0 is "unspecified", and the rest follows in the API's order.
    kind: SPAN_KINDS[(span.kind ?? 1) - 1] ?? 'internal',
    service,
    startMs: nanosToMs(span.startTimeUnixNano),
    endMs: nanosToMs(span.endTimeUnixNano),
    attributes: attributes(span.attributes),
    failed: Number(span.status?.code) === Number(SpanStatusCode.ERROR),
  };
}

function attributes(pairs: readonly OtlpPair[] = []): Record<string, Attribute> {
  const read: Record<string, Attribute> = {};
  for (const { key, value } of pairs) {
    const { stringValue, boolValue, intValue, doubleValue } = value;
    const known =
      stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
    if (known !== undefined) read[key] = known;
  }
  return read;
}

/** Nanoseconds since the epoch do not fit a double; milliseconds with three digits after the point do. */
function nanosToMs(nanos: string | number): number {
  return Number(BigInt(nanos) / 1000n) / 1000;
}

interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly OtlpPair[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string | number;
  readonly endTimeUnixNano: string | number;
  readonly attributes?: readonly OtlpPair[];
  readonly status?: { readonly code?: number };
}

interface OtlpPair {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly boolValue?: boolean;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
  };
}
