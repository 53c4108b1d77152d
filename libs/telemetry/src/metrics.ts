import type { Attributes, Meter } from '@opentelemetry/api';
import { METRICS, type MetricSpec } from './metric-catalogue.js';

/** One instrument for each entry of the catalogue; a label that the entry does not name does not compile. */
export type Metrics = { readonly [Key in keyof typeof METRICS]: Instrument<(typeof METRICS)[Key]> };

type Instrument<Spec extends MetricSpec> = {
  counter: Counter<Labels<Spec>>;
  histogram: Histogram<Labels<Spec>>;
  gauge: Gauge<Labels<Spec>>;
}[Spec['kind']];

/** A label may be left out; the series is then one without it. */
type Labels<Spec extends MetricSpec> = { readonly [Label in Spec['labels'][number]]?: string | number };

export interface Counter<L> {
  add(amount: number, labels: L): void;
}

export interface Histogram<L> {
  record(value: number, labels: L): void;
}

export interface Gauge<L> {
  /**
   * `read` is called at every scrape and says the values of then. Returns what ends that. A series once told
   * stays as it last was, so tell 0 for what has gone.
   */
  observe(read: () => Iterable<readonly [value: number, labels: L]>): () => void;
}

export function createMetrics(meter: Meter): Metrics {
  const instruments = Object.entries(METRICS).map(([key, spec]) => [key, createInstrument(meter, spec)]);
  return Object.fromEntries(instruments) as Metrics;
}

function createInstrument(meter: Meter, spec: MetricSpec): unknown {
  const options = { unit: spec.unit, description: spec.summary };
  switch (spec.kind) {
    case 'counter':
      return meter.createCounter(spec.name, options);
    case 'histogram':
      return meter.createHistogram(spec.name, {
        ...options,
        advice: { explicitBucketBoundaries: [...(spec.buckets ?? [])] },
      });
    case 'gauge': {
      const gauge = meter.createObservableGauge(spec.name, options);
      return {
        observe(read: () => Iterable<readonly [number, Attributes]>) {
          const callback: Parameters<typeof gauge.addCallback>[0] = (result) => {
            for (const [value, labels] of read()) result.observe(value, labels);
          };
          gauge.addCallback(callback);
          return () => gauge.removeCallback(callback);
        },
      };
    }
  }
}
