import net from 'node:net';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { SSE_BUFFER_BYTES } from '../../services/ingress/src/http/sse-writer.js';
import { DIALECT_CALLS } from '../stack/dialect-calls.js';
import { STACK_DEPLOYMENTS, startStack, type Stack } from '../stack/start-stack.js';

const DIALECTS = Object.entries(DIALECT_CALLS).map(([api, dialect]) => ({ api, ...dialect }));

describe('a stream', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-small', 'chat', { contextTokens: 2_000_000 }),
        modelOf('sim-flaky', 'chat', { faults: [{ rate: 1, fault: { kind: 'status', status: 503 } }] }),
      ],
      models: [
        { name: 'small', deployments: ['simulator/small'], maxOutputTokens: 1_000_000 },
        { name: 'second', deployments: ['simulator/flaky', 'simulator/small'], maxOutputTokens: 4_096 },
      ],
      deployments: STACK_DEPLOYMENTS,
      idleMs: 1_000,
      // The faults here are ordered, one by one: the deployment is not out.
      breaker: { errorThresholdPercent: 100, volumeThreshold: 10_000 },
    });
  });
  afterAll(() => stack.close());

  const post = (path: string, body: object, signal?: AbortSignal) =>
    fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const entries = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries;
  const billed = async (attempt: string) =>
    (
      await stack.database.query<{ inputTokens: number; outputTokens: number }>(
        `SELECT input_tokens::int AS "inputTokens", output_tokens::int AS "outputTokens" FROM ledger WHERE attempt_id = $1`,
        [attempt],
      )
    ).rows[0];
  const lastEntry = () => entries().at(-1);

  describe.each(DIALECTS)('of $api', ({ path, body }) => {
    it('begins as soon as the provider does', async () => {
      const answer = await post(path(true), body('[[tokens: 40]] [[latency: 10 20]] At ease.', true));
      const reader = answer.body?.getReader();
      const first = await reader?.read();
      expect(first?.value?.length).toBeGreaterThan(0);
      // The provider is still at it: nothing was held back until the end.
      expect(stack.simulator.simulation.models.find('sim-small')?.traffic.figures().inFlight).toBe(1);
      for (let read = await reader?.read(); read && !read.done; read = await reader?.read());
    });

    it('that its caller leaves is aborted at the provider at once, and billed for what there was', async () => {
      const leaving = new AbortController();
      const answer = await post(
        path(true),
        body('[[tokens: 400]] [[latency: 10 40]] Long.', true),
        leaving.signal,
      );
      await answer.body?.getReader().read();
      const before = entries().length;
      leaving.abort();
      const entry = await eventually(() => (entries().length > before ? lastEntry() : undefined));
      expect(entry).toMatchObject({ callerLeft: true, outcome: 'aborted' });
      const row = await eventually(() => billed(entry.attempt));
      expect(row.inputTokens).toBeGreaterThan(0);
      // At 40 a second it would have gone on for ten.
      expect(row.outputTokens).toBeLessThan(60);
    });

    it.each([
      ['cut', 'cut; after=12'],
      ['cut within an event', 'cut; after=12; mid'],
      ['ended too early', 'truncate; after=12'],
      ['spoilt', 'malformed; after=12'],
      ['ended by an error', 'error_event; after=12'],
      ['left hanging', 'stall; after=12'],
    ])('that is %s ends in an error of its dialect, and never as if it were whole', async (_, fault) => {
      const answer = await post(path(true), body(`[[tokens: 60]] [[fault: ${fault}]] Broken.`, true));
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).not.toContain('[DONE]');
      expect(text).not.toContain('message_stop');
      expect(text).not.toContain('response.completed');
      const last = text.trimEnd().split('\n\n').at(-1) ?? '';
      const data = JSON.parse(
        last
          .split('\n')
          .findLast((line) => line.startsWith('data:'))
          ?.slice(5) ?? '',
      ) as object;
      expect(JSON.stringify(data)).toMatch(/stream_interrupted/i);
    });

    it('goes to another deployment while nothing of it has been sent', async () => {
      const asks = { ...body('Anyhow.', true), ...('model' in body('', true) && { model: 'second' }) };
      const answer = await post(path(true).replace('/small:', '/second:'), asks);
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).not.toMatch(/"error":\s*{/);
      expect(
        entries()
          .slice(-2)
          .map(({ model, status }) => ({ model, status })),
      ).toEqual([
        { model: 'sim-flaky', status: 503 },
        { model: 'sim-small', status: 200 },
      ]);
    });
  });

  it.each(['openai.chat', 'openai.completions'] as const)(
    'of %s is billed by its usage, which its caller sees only if it asked',
    async (api) => {
      const { path, body } = DIALECT_CALLS[api];
      for (const asked of [false, true]) {
        const more = asked ? { stream_options: { include_usage: true } } : {};
        const text = await (await post(path(), { ...body('Counted.', true), ...more })).text();
        expect(/"usage":\{/.test(text)).toBe(asked);
        expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
        const entry = await eventually(lastEntry);
        const row = await eventually(() => billed(entry.attempt));
        expect(row).toEqual({ inputTokens: entry.inputTokens, outputTokens: entry.outputTokens });
      }
    },
  );

  it('that may be shared and whose caller reads nothing is given up when so much waits, and nobody else notices', async () => {
    const { path, body } = DIALECT_CALLS['openai.chat'];
    const text = JSON.stringify(body('[[tokens: 100000]] A flood.', true));
    const before = entries().length;
    const socket = net.connect(Number(new URL(stack.url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      `POST ${path()} HTTP/1.1\r\nhost: penstock\r\nauthorization: Bearer ${stack.keys.acme}\r\n` +
        'idempotency-key: a-flood\r\n' +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
    const other = await post(path(), body('Another.', false));
    expect(other.status).toBe(200);
    await eventually(() => entries().length >= before + 2, { timeoutMs: 20_000 });
    const received: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => received.push(bytes));
    socket.resume();
    await closed;
    const got = Buffer.concat(received);
    // What the ingress held, one block more, and the buffers of two sockets.
    expect(got.length).toBeLessThan(SSE_BUFFER_BYTES + 12 * 1024 ** 2);
    expect(got.includes('[DONE]')).toBe(false);
    expect((await post(path(), body('Still there.', false))).status).toBe(200);
  });
});
