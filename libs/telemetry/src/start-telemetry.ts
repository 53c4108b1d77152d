import { trace } from '@opentelemetry/api';
import {
  defaultResource,
  envDetector,
  hostDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { createLogger, type Logger, type LoggerOptions } from './logger.js';
import type { Metrics } from './metrics.js';
import { startMetrics } from './start-metrics.js';
import { createTracing, type Tracing } from './tracing.js';

/** Of the traces that begin here, one in a hundred is kept unless OTEL_TRACES_SAMPLER says otherwise. */
export const DEFAULT_SAMPLE_RATIO = 0.01;

export interface TelemetryOptions {
  /** `service.name` of all that it tells. Wins over OTEL_SERVICE_NAME, which several services may share. */
  readonly service: string;
  readonly version: string;
  /**
   * What decides whether spans are exported. Default: the environment of the process, which the OpenTelemetry
   * SDK reads as well, for all its standard variables.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log?: Omit<LoggerOptions, 'service'>;
  /** For tests: where spans go instead, whatever the environment says. */
  readonly spanProcessors?: SpanProcessor[];
  /** Which traces are kept. Default: with `spanProcessors` all of them, else as the environment says. */
  readonly sampler?: Sampler;
}

/** All that a service tells of itself. */
export interface Telemetry {
  readonly service: string;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** The metrics in Prometheus' text format. */
  scrape(): Promise<string>;
  /** Exports what is still held back. To be called once, last of all; never throws. */
  shutdown(): Promise<void>;
}

/**
 * Starts traces, metrics and the log of one service.
 *
 * Spans are exported when the standard variables name a receiver (OTEL_EXPORTER_OTLP_ENDPOINT,
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) or an exporter (OTEL_TRACES_EXPORTER); otherwise none is made. Metrics are
 * there to be scraped; logs go to the standard output: neither is pushed anywhere.
 *
 * Several services may run in one process, each with telemetry of its own; OpenTelemetry's globals are then
 * those of the one started last, and nothing in Penstock reads them.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { service, version, env = process.env } = options;
  const wanted = options.spanProcessors !== undefined || exportsSpans(env);
  const sampler = options.sampler ?? (options.spanProcessors ? new AlwaysOnSampler() : defaultSampler(env));
  const metrics = startMetrics(service, version);
  const sdk = wanted ? startSdk(options, sampler) : undefined;
  return {
    service,
    tracing: createTracing(
      sdk && trace.getTracer('penstock', version),
      sampler ? sampler instanceof ParentBasedSampler : followsParent(env),
    ),
    metrics: metrics.instruments,
    logger: createLogger({ service, ...options.log }),
    scrape: () => metrics.scrape(),
    async shutdown() {
      // A receiver that is gone must not keep a service from stopping.
      await Promise.allSettled([sdk?.shutdown(), metrics.shutdown()]);
    },
  };
}

function startSdk(options: TelemetryOptions, sampler: Sampler | undefined): NodeSDK {
  // The SDK registers itself only where nobody has; without this a second service would get the first one's name.
  trace.disable();
  const sdk = new NodeSDK({
    serviceName: options.service,
    resource: defaultResource().merge(resourceFromAttributes({ 'service.version': options.version })),
    // Not the process detector: it tells the command line.
    resourceDetectors: [envDetector, hostDetector, serviceInstanceIdDetector],
    metricReaders: [],
    logRecordProcessors: [],
    ...(options.spanProcessors && { spanProcessors: options.spanProcessors }),
    ...(sampler && { sampler }),
  });
  sdk.start();
  return sdk;
}

function exportsSpans(env: NonNullable<TelemetryOptions['env']>): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  const exporters = env['OTEL_TRACES_EXPORTER'];
  if (exporters) return exporters !== 'none';
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}

/** Undefined when the environment names a sampler: the SDK makes that one itself. */
function defaultSampler(env: NonNullable<TelemetryOptions['env']>): Sampler | undefined {
  if (env['OTEL_TRACES_SAMPLER']) return undefined;
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] || DEFAULT_SAMPLE_RATIO);
  return new ParentBasedSampler({
    root: new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : DEFAULT_SAMPLE_RATIO),
  });
}

function followsParent(env: NonNullable<TelemetryOptions['env']>): boolean {
  return env['OTEL_TRACES_SAMPLER']?.startsWith('parentbased_') ?? true;
}
