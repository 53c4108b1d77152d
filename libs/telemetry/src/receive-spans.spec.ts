import { gzipSync } from 'node:zlib';
import { receiveSpans, type SpanReceiver } from './receive-spans.js';
import { SPAN } from './spans.js';
import { startTelemetry } from './start-telemetry.js';
import { endSpan, traceparentOf } from './tracing.js';

let receiver: SpanReceiver;
beforeEach(async () => {
  receiver = await receiveSpans();
});
afterEach(() => receiver.close());

const call = { method: 'POST', url: 'http://127.0.0.1:9100/v1/chat/completions' };

function post(body: string | Buffer, headers: Record<string, string>) {
  return fetch(`${receiver.env['OTEL_EXPORTER_OTLP_ENDPOINT']}/v1/traces`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

describe('receiveSpans', () => {
  it('gets what the SDK of another service exports under the standard variables, by the time it has shut down', async () => {
    const before = { ...process.env };
    Object.assign(process.env, receiver.env);
    const telemetry = startTelemetry({ service: 'worker', version: '1.2.3' });
    process.env = before;

    const parent = telemetry.tracing.startSpan(SPAN.call, undefined, call);
    const child = telemetry.tracing.startSpan(SPAN.call, parent, { ...call, method: 'GET' });
    endSpan(child, { 'http.response.status_code': 503, 'penstock.queue.time': 0.25 }, 'overloaded');
    endSpan(parent);
    await telemetry.shutdown();

    const traceId = traceparentOf(parent)?.split('-')[1] ?? '';
    const [got, root] = receiver.trace(traceId);
    expect(receiver.spans()).toHaveLength(2);
    expect(root).toMatchObject({ name: 'POST', kind: 'client', service: 'worker', failed: false });
    expect(root).not.toHaveProperty('parentSpanId');
    expect(got).toMatchObject({ parentSpanId: root?.spanId, name: 'GET', failed: true });
    expect(got?.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': 9100,
      'url.full': 'http://127.0.0.1:9100/v1/chat/completions',
      'http.response.status_code': 503,
      'penstock.queue.time': 0.25,
      'error.type': 'overloaded',
    });
    expect((got?.startMs ?? 0) - (root?.startMs ?? 0)).toBeGreaterThanOrEqual(0);
    expect(Math.abs((got?.endMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('takes a compressed body, and says what is wrong with others', async () => {
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ resourceSpans: [] });
    expect((await post(gzipSync(body), { ...json, 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await post('{', json)).status).toBe(400);
    expect((await post('{}', json)).status).toBe(400);
    const protobuf = await post('', { 'content-type': 'application/x-protobuf' });
    expect(protobuf.status).toBe(415);
    expect(await protobuf.text()).toContain('http/json');
  });
});
