import {
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { HEADER, type HeaderMap } from '@penstock/contracts';
import type { SpanAttributes } from './attributes.js';
import type { SpanSpec } from './spans.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';

export type { Span } from '@opentelemetry/api';

/** What a span may hang on: a span of this process, the `traceparent` of another, or nothing. */
export type SpanParent = Span | string | undefined;

/**
 * How one service makes spans. Parents are given, not found in an ambient context: a job's path crosses
 * processes and batches, and an explicit parent costs nothing when nobody looks.
 *
 * A span that is not sampled computes neither name nor attributes, and under a parent that is not sampled not
 * even an object of its own is made. The decision, once made, travels on in the traceparent either way.
 */
export interface Tracing {
  /** False when nobody collects spans. A traceparent from outside is still passed on. */
  readonly enabled: boolean;
  startSpan<Input>(spec: SpanSpec<Input>, parent: SpanParent, input: Input, startMs?: number): Span;
}

/**
 * @param tracer Absent when nobody collects spans.
 * @param followsParent Whether the sampler decides as the parent did: then it need not be asked.
 */
export function createTracing(tracer: Tracer | undefined, followsParent: boolean): Tracing {
  return {
    enabled: tracer !== undefined,
    startSpan(spec, parent, input, startMs) {
      const parentSpan = typeof parent === 'string' ? remoteSpan(parent) : parent;
      if (!tracer) return parentSpan ?? NO_SPAN;
      if (followsParent && parentSpan && isUnsampled(parentSpan)) return parentSpan;
      const context = parentSpan ? trace.setSpan(ROOT_CONTEXT, parentSpan) : ROOT_CONTEXT;
      const startTime = startMs === undefined ? undefined : { startTime: startMs };
      const span = tracer.startSpan(spec.template, { kind: spec.kind, ...startTime }, context);
      if (span.isRecording())
        span.updateName(spec.name(input)).setAttributes(defined(spec.attributes(input)));
      return span;
    },
  };
}

/** Adds what became known while the span ran. */
export function annotate(span: Span, attributes: SpanAttributes): void {
  if (span.isRecording()) span.setAttributes(defined(attributes));
}

/** Notes, as events of a span, which deployments a job was not sent to, and why. */
export function noteSkipped(span: Span, skipped: Readonly<Record<string, string>>): void {
  if (!span.isRecording()) return;
  for (const [deployment, reason] of Object.entries(skipped)) {
    const attributes: SpanAttributes = { 'penstock.deployment': deployment, 'penstock.skipped': reason };
    span.addEvent('penstock.deployment.skipped', defined(attributes));
  }
}

/**
 * Ends a span.
 *
 * @param errorType A code of the error catalogue or a failure reason, never a message: messages may quote
 * what a caller sent. Absent for success.
 */
export function endSpan(span: Span, attributes?: SpanAttributes, errorType?: string): void {
  if (!span.isRecording()) return;
  if (attributes) span.setAttributes(defined(attributes));
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The `traceparent` that makes another span a child of this one; undefined when there is no trace. */
export function traceparentOf(span: Span): string | undefined {
  return formatTraceparent(span.spanContext());
}

/** Writes the span's context into a message's headers; leaves them alone when there is none. */
export function inject(span: Span, headers: HeaderMap): void {
  const traceparent = traceparentOf(span);
  if (traceparent !== undefined) headers.set(HEADER.traceparent, traceparent);
}

/** The `traceparent` of a message, fit to be a parent; undefined when it has none. */
export function extract(headers: HeaderMap | undefined): string | undefined {
  return headers?.get(HEADER.traceparent) || undefined;
}

const NO_SPAN: Span = trace.wrapSpanContext({
  traceId: '0'.repeat(32),
  spanId: '0'.repeat(16),
  traceFlags: 0,
});

function remoteSpan(traceparent: string): Span | undefined {
  const context = parseTraceparent(traceparent);
  return context && trace.wrapSpanContext(context);
}

function isUnsampled(span: Span): boolean {
  return span !== NO_SPAN && (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0;
}

/** OpenTelemetry takes undefined values, but counts and exports them as empty ones. */
function defined(attributes: SpanAttributes): Attributes {
  const kept: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) kept[name] = value;
  return kept;
}
