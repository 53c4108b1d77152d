import { METRICS, type MetricSpec } from '@penstock/telemetry';
import { parse } from 'yaml';
import { prometheusName } from '../documents/telemetry-document.js';
import { WITH_ADMIN_PORT, compose, read, stages, target } from './deployment.js';
import { environment } from './dockerfile.js';

describe('deploy/observability', () => {
  const catalogue = new Map<string, MetricSpec>(
    Object.values(METRICS as Record<string, MetricSpec>).map((spec) => [prometheusName(spec), spec]),
  );

  it('scrapes the admin port of every service that has one', () => {
    const scraped = parse(read('deploy/observability/prometheus.yaml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const [found] = scraped.scrape_configs.flatMap((config) => config.dns_sd_configs);
    expect(found?.names.toSorted()).toEqual(WITH_ADMIN_PORT.toSorted());
    expect(String(found?.port)).toBe(environment(stages, target('router'))['PENSTOCK_ADMIN_PORT']);
  });

  it('receives traces where the services send them, and passes them to what is there', () => {
    const collector = parse(read('deploy/observability/collector.yaml')) as {
      receivers: { otlp: { protocols: { http: { endpoint: string } } } };
      exporters: Record<string, { endpoint: string }>;
      service: {
        pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>;
      };
    };
    const endpoint = new URL(
      String(compose.services['router']?.environment?.['OTEL_EXPORTER_OTLP_ENDPOINT']),
    );
    expect(compose.services).toHaveProperty(endpoint.hostname);
    expect(collector.receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${endpoint.port}`);
    for (const { endpoint: to } of Object.values(collector.exporters)) {
      expect(compose.services).toHaveProperty(to.split(':')[0] ?? '');
    }
    expect(Object.keys(collector.service.pipelines)).toEqual(['traces']);
  });

  it('draws only metrics and labels of the catalogue', () => {
    const dashboard = JSON.parse(read('deploy/observability/grafana/dashboards/penstock.json')) as {
      panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
    };
    const queries = dashboard.panels.flatMap(({ targets: drawn }) => drawn);
    expect(queries.length).toBeGreaterThan(15);
    for (const { expr, legendFormat } of queries) {
      const names = expr.match(/\b(?:penstock|gen_ai_client|http_server|nodejs|process)_\w+/g) ?? [];
      expect([expr, names.length]).toEqual([expr, 1]);
      const spec = names.map(
        (name) => catalogue.get(name) ?? catalogue.get(name.replace(/_(bucket|count|sum)$/, '')),
      )[0];
      if (!spec) throw new Error(`${names.join(', ')} is no metric of the catalogue`);
      const known = [...spec.labels.map((label) => label.replaceAll('.', '_')), 'le', 'service'];
      const used = [
        ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/)),
        ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
      ];
      expect(used.filter((label) => !known.includes(label))).toEqual([]);
    }
  });
});
