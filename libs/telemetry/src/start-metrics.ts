import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createMetrics, type Metrics } from './metrics.js';

export interface RunningMetrics {
  readonly instruments: Metrics;
  /** Prometheus' text format, version 0.0.4. */
  scrape(): Promise<string>;
  shutdown(): Promise<void>;
}

/** Metrics of one service, kept in memory until somebody scrapes them. */
export function startMetrics(service: string, version: string): RunningMetrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    readers: [reader],
  });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const instruments = createMetrics(provider.getMeter('penstock', version));
  let busy: EventLoopUtilization = performance.eventLoopUtilization();
  instruments.eventLoop.observe(() => {
    const before = busy;
    busy = performance.eventLoopUtilization();
    return [[performance.eventLoopUtilization(busy, before).utilization, {}]];
  });
  instruments.memory.observe(() => [[process.memoryUsage.rss(), {}]]);
  return {
    instruments,
    async scrape() {
      const { resourceMetrics } = await reader.collect();
      return `${serializer.serialize(resourceMetrics).trimEnd()}\n`;
    },
    shutdown: () => provider.shutdown(),
  };
}
