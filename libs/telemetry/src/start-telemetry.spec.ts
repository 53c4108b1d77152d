import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { collectSpans } from './collect-spans.js';
import { SPAN } from './spans.js';
import { startTelemetry, type Telemetry } from './start-telemetry.js';
import { endSpan, extract, inject, traceparentOf } from './tracing.js';

const job = {
  id: 'job_1',
  class: 'interactive',
  tenant: 'acme',
  origin: 'http',
  model: 'small',
  api: 'openai.chat',
  stream: false,
} as const;
const attempt = {
  id: 'att_1',
  number: 1,
  deployment: 'sim/small',
  provider: 'sim',
  upstreamModel: 'sim-small',
};
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const started: Telemetry[] = [];
afterEach(async () => {
  for (const telemetry of started.splice(0)) await telemetry.shutdown();
});

function setup(service: string, options: Partial<Parameters<typeof startTelemetry>[0]> = {}) {
  const telemetry = startTelemetry({ service, version: '0.0.0', env: {}, ...options });
  started.push(telemetry);
  return telemetry;
}

function headers() {
  const map = new Map<string, string>();
  return {
    get: (name: string) => map.get(name) ?? '',
    set: (name: string, value: string) => void map.set(name, value),
  };
}

describe('startTelemetry', () => {
  it('keeps the spans of several services of one process apart and in one trace', () => {
    const spans = collectSpans();
    const ingress = setup('ingress', { spanProcessors: [spans.processor] });
    const router = setup('router', { spanProcessors: [spans.processor] });

    const message = headers();
    const request = ingress.tracing.startSpan(SPAN.request, undefined, { method: 'POST', route: '/v1/jobs' });
    const send = ingress.tracing.startSpan(SPAN.send, request, { job, bodyBytes: 12 });
    inject(send, message);
    const process = router.tracing.startSpan(SPAN.process, extract(message), {
      job,
      queueTimeMs: 1500,
      deliveries: 1,
    });
    endSpan(process);
    endSpan(send);
    endSpan(request, { 'http.response.status_code': 502, 'penstock.outcome': undefined }, 'provider_error');

    const [processed, sent, requested] = spans.finished();
    expect(requested).toMatchObject({
      service: 'ingress',
      name: 'POST /v1/jobs',
      kind: 'server',
      failed: true,
    });
    expect(requested).not.toHaveProperty('parentSpanId');
    expect(requested?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/jobs',
      'http.response.status_code': 502,
      'error.type': 'provider_error',
    });
    expect(sent).toMatchObject({ parentSpanId: requested?.spanId, kind: 'producer', failed: false });
    expect(sent?.name).toBe('send jobs.{class}.{tenant}');
    expect(processed).toMatchObject({ parentSpanId: sent?.spanId, service: 'router', kind: 'consumer' });
    expect(processed?.attributes).toMatchObject({
      'messaging.destination.name': 'jobs.interactive.acme',
      'penstock.queue.time': 1.5,
    });
    expect(new Set(spans.finished().map((span) => span.traceId)).size).toBe(1);
  });

  it('makes no span when nobody collects, and passes a foreign trace on', () => {
    const { tracing } = setup('ingress');
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

    expect(tracing.enabled).toBe(false);
    const orphan = tracing.startSpan(SPAN.send, undefined, { job, bodyBytes: 1 });
    expect(traceparentOf(orphan)).toBeUndefined();
    const message = headers();
    inject(orphan, message);
    expect(extract(message)).toBeUndefined();
    expect(traceparentOf(tracing.startSpan(SPAN.send, traceparent, { job, bodyBytes: 1 }))).toBe(traceparent);
  });

  it('does as the parent decided, without reading the attributes of a span that is not kept', () => {
    const spans = collectSpans();
    const { tracing } = setup('worker', { spanProcessors: [spans.processor], sampler: startsNothing() });
    const broken = {
      get id(): string {
        throw new Error('attributes were read');
      },
      number: 1,
      deployment: 'd',
      provider: 'p',
      upstreamModel: 'm',
    };

    const unsampled = `00-${TRACE}-b7ad6b7169203331-00`;
    const span = tracing.startSpan(SPAN.attempt, unsampled, { job, attempt: broken });
    expect(traceparentOf(span)).toBe(unsampled);
    const root = tracing.startSpan(SPAN.attempt, undefined, { job, attempt: broken });
    expect(traceparentOf(root)).toMatch(/-00$/);
    expect(traceparentOf(tracing.startSpan(SPAN.attempt, root, { job, attempt: broken }))).toBe(
      traceparentOf(root),
    );
    endSpan(span, {}, 'timed_out');
    expect(spans.finished()).toEqual([]);

    endSpan(tracing.startSpan(SPAN.attempt, `00-${TRACE}-b7ad6b7169203331-01`, { job, attempt }));
    expect(spans.finished()).toMatchObject([
      { traceId: TRACE, parentSpanId: 'b7ad6b7169203331', name: 'chat sim-small' },
    ]);
  });

  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_TRACES_EXPORTER: 'console' }, true],
  ])('with %j makes spans: %s', (env, enabled) => {
    expect(setup('ingress', { env }).tracing.enabled).toBe(enabled);
  });

  it('keeps one trace in a hundred unless told otherwise', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const sampled = (more: Record<string, string>) => {
      const { tracing } = setup('ingress', { env: { ...env, ...more } });
      const roots = Array.from({ length: 5000 }, () => tracing.startSpan(SPAN.call, undefined, CALL));
      return roots.filter((span) => span.isRecording()).length;
    };
    const few = sampled({});
    expect(few).toBeGreaterThan(10);
    expect(few).toBeLessThan(120);
    expect(sampled({ OTEL_TRACES_SAMPLER_ARG: '1' })).toBe(5000);
    expect(sampled({ OTEL_TRACES_SAMPLER_ARG: '0' })).toBe(0);
  });

  it('serves metrics in the text format of Prometheus', async () => {
    const telemetry = setup('worker');
    telemetry.metrics.jobs.add(2, { class: 'batch', origin: 'subject', outcome: 'succeeded' });
    telemetry.metrics.queueTime.record(0.2, { class: 'batch' });
    telemetry.metrics.breaker.observe(() => [[2, { deployment: 'sim/small' }]]);

    const text = await telemetry.scrape();
    expect(text).toContain('penstock_jobs_total{class="batch",origin="subject",outcome="succeeded"} 2');
    expect(text).toContain('penstock_queue_time_bucket{class="batch",le="0.5"} 1');
    expect(text).toContain('penstock_queue_time_bucket{class="batch",le="0.1"} 0');
    expect(text).toContain('penstock_breaker_state{deployment="sim/small"} 2');
    expect(text).toContain('service_name="worker"');
    expect(text).toMatch(/process_memory_usage \d+/);
  });
});

const CALL = { method: 'POST', url: 'https://user:secret@api.example.com/v1/chat?key=secret' };

describe('SPAN.call', () => {
  it('names the URL without user, password and query', () => {
    const spans = collectSpans();
    endSpan(
      setup('worker', { spanProcessors: [spans.processor] }).tracing.startSpan(SPAN.call, undefined, CALL),
    );
    expect(spans.finished()[0]?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': 'api.example.com',
      'server.port': 443,
      'url.full': 'https://api.example.com/v1/chat',
    });
  });
});

function startsNothing() {
  return new ParentBasedSampler({ root: new AlwaysOffSampler() });
}
