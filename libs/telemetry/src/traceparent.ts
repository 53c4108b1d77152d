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
  return new WrittenContext(text);
}

/**
 * A context as it came, taken apart when somebody looks: most jobs are not traced, and their context is only handed on,
 * in every service and several times.
 */
class WrittenContext implements SpanContext {
  readonly isRemote = true;
  readonly traceFlags: number;
  /** As this version writes it. */
  readonly text: string;

  constructor(text: string) {
    this.traceFlags = Number.parseInt(text.slice(53), 16) & TraceFlags.SAMPLED;
    const asWritten = text.startsWith('00-') && (text.endsWith('-00') || text.endsWith('-01'));
    this.text = asWritten ? text : write(text.slice(3, 35), text.slice(36, 52), this.traceFlags);
  }

  get traceId(): string {
    return this.text.slice(3, 35);
  }

  get spanId(): string {
    return this.text.slice(36, 52);
  }
}

/** Writes a context as a `traceparent`; undefined for the empty context of a span that nobody collects. */
export function formatTraceparent(context: SpanContext): string | undefined {
  if (context instanceof WrittenContext) return context.text;
  if (!isSpanContextValid(context)) return undefined;
  return write(context.traceId, context.spanId, context.traceFlags);
}

function write(traceId: string, spanId: string, traceFlags: number): string {
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
}
