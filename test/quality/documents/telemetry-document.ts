import { ATTRIBUTES, METRICS, SPAN, SPAN_KINDS, type MetricSpec } from '@penstock/telemetry';
import { code, table } from './markdown.js';

export function spansTable(): string {
  const rows = Object.values(SPAN).map((spec) => [
    code(spec.template),
    SPAN_KINDS[spec.kind] ?? '',
    spec.service,
    spec.parent,
    spec.summary,
  ]);
  return table(['Span', 'Kind', 'Service', 'Hangs on', 'What it covers'], rows);
}

export function attributesTable(): string {
  return table(
    ['Attribute', 'Meaning'],
    Object.entries(ATTRIBUTES).map(([name, meaning]) => [code(name), meaning]),
  );
}

export function metricsTable(): string {
  const rows = Object.values(METRICS as Record<string, MetricSpec>).map((spec) => [
    code(prometheusName(spec)),
    spec.kind,
    spec.unit,
    spec.labels.map((label) => code(sanitized(label))).join(', '),
    spec.service,
    spec.summary,
  ]);
  return table(['Metric', 'Kind', 'Unit', 'Labels', 'Service', 'What it says'], rows);
}

/** The name as `/metrics` has it. */
export function prometheusName({ name, kind }: MetricSpec): string {
  return sanitized(name) + (kind === 'counter' ? '_total' : '');
}

function sanitized(name: string): string {
  return name.replaceAll('.', '_');
}
