import { collectSpans, type SpanRecord } from '@penstock/telemetry';
import { eventually } from '@penstock/testing';
import { startStack, type Stack } from '../stack/start-stack.js';

interface Shape {
  readonly name: string;
  readonly service: string;
  readonly kind: string;
  readonly children: readonly Shape[];
}

/** A trace as a tree: names, services and kinds, children in the order in which they began. */
function shapeOf(spans: readonly SpanRecord[], root: SpanRecord): Shape {
  const children = spans
    .filter(({ parentSpanId }) => parentSpanId === root.spanId)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map((child) => shapeOf(spans, child));
  return { name: root.name, service: root.service, kind: root.kind, children };
}

const settledAndRecorded = {
  name: 'settle jobs.{class}.{tenant}',
  service: 'worker',
  kind: 'client',
  children: [
    { name: 'process events.{tenant}.{kind}.{job}', service: 'accounting', kind: 'consumer', children: [] },
  ],
};

describe('the trace of a job', () => {
  const collected = collectSpans();
  let stack: Stack;
  beforeAll(async () => (stack = await startStack({ spanProcessors: [collected.processor] })));
  afterAll(() => stack.close());

  const traced = async (traceId: string, count: number) => {
    const spans = () => collected.finished().filter((span) => span.traceId === traceId);
    await eventually(() => spans().length >= count, { what: `${count} spans of the trace` });
    return spans();
  };

  it('is one tree from the request to the ledger row', async () => {
    const traceId = 'a'.repeat(32);
    const response = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        traceparent: `00-${traceId}-${'b'.repeat(16)}-01`,
      },
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'a secret of mine' }] }),
    });
    const job = response.headers.get('x-penstock-job');
    const spans = await traced(traceId, 7);
    const root = spans.find(({ parentSpanId }) => parentSpanId === 'b'.repeat(16));
    expect(root && shapeOf(spans, root)).toEqual({
      name: 'POST /v1/chat/completions',
      service: 'ingress',
      kind: 'server',
      children: [
        {
          name: 'send jobs.{class}.{tenant}',
          service: 'ingress',
          kind: 'producer',
          children: [
            {
              name: 'process jobs.{class}.{tenant}',
              service: 'router',
              kind: 'consumer',
              children: [
                {
                  name: 'chat sim-small',
                  service: 'worker',
                  kind: 'client',
                  children: [{ name: 'POST', service: 'worker', kind: 'client', children: [] }],
                },
                settledAndRecorded,
              ],
            },
          ],
        },
      ],
    });

    const process = spans.find(({ service }) => service === 'router');
    expect(process?.attributes).toMatchObject({
      'messaging.system': 'nats',
      'messaging.destination.name': 'jobs.interactive.acme',
      'messaging.message.id': job,
      'penstock.queue.time': expect.any(Number),
      'penstock.deployment': 'simulator/small',
    });
    const attempt = spans.find(({ name }) => name === 'chat sim-small');
    expect(attempt?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'simulator',
      'gen_ai.request.model': 'sim-small',
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
    });
    const all = JSON.stringify(spans);
    expect(all).not.toContain('a secret of mine');
    expect(all).not.toContain(stack.keys.acme);
  });

  it('begins with the publisher when a job comes by a subject', async () => {
    const traceId = 'c'.repeat(32);
    const { headers } = await import('nats');
    const h = headers();
    h.set('traceparent', `00-${traceId}-${'d'.repeat(16)}-01`);
    await stack.connection.js.publish(
      'jobs.standard.globex',
      JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello.' }] }),
      { headers: h },
    );
    const spans = await traced(traceId, 5);
    const root = spans.find(({ parentSpanId }) => parentSpanId === 'd'.repeat(16));
    expect(root && shapeOf(spans, root)).toMatchObject({
      name: 'process jobs.{class}.{tenant}',
      service: 'router',
      children: [{ name: 'chat sim-small' }, settledAndRecorded],
    });
  });
});
