import { isSpanContextValid, TraceFlags, type SpanContext } from '@opentelemetry/api';

const LENGTH = 55;
/** Version ff is forbidden, and so are ids of zeros. */
const SHAPE = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Reads a `traceparent` of W3C Trace Context, level 1. Undefined for anything that is not a valid one, so that
 * a publisher's nonsense starts a new trace and breaks nothing.
 */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  if (text?.length !== LENGTH || !SHAPE.test(text)) return undefined;
  return {
    traceId: text.slice(3, 35),
    spanId: text.slice(36, 52),
    traceFlags: Number.parseInt(text.slice(53), 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
}

/** Writes a context as a `traceparent`; undefined for the empty context of a span that nobody collects. */
export function formatTraceparent(context: SpanContext): string | undefined {
  if (!isSpanContextValid(context)) return undefined;
  return `00-${context.traceId}-${context.spanId}-${context.traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
}
