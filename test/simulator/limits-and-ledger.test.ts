import { ManualClock } from '@penstock/resilience';
import { eventually } from '@penstock/testing';
import { fetch } from 'undici';

import { runSimulator, type RunningSimulator } from './running-simulator.js';

let simulator: RunningSimulator;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  simulator = await runSimulator({ clock, ledgerCapacity: 50 });
});
afterEach(() => simulator.close());

function chat(
  content = 'hello',
  more: object = {},
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  const body = { model: 'sim-small', messages: [{ role: 'user', content }], ...more };
  return simulator.post('/v1/chat/completions', body, headers, signal);
}

async function statusOf(response: ReturnType<typeof chat>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

describe('rate limits', () => {
  it('let in so many calls in any minute, wherever it begins, and say when there is room', async () => {
    await simulator.change('sim-small', { limits: { requestsPerMinute: 3 } });
    for (let i = 0; i < 3; i++) {
      expect(await statusOf(chat())).toBe(200);
      clock.advance(10_000);
    }
    const refused = await chat();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '30',
      'retry-after-ms': '30000',
      'x-ratelimit-limit-requests': '3',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '50s',
    });
    clock.advance(29_999);
    expect(await statusOf(chat())).toBe(429);
    clock.advance(1);
    expect(await statusOf(chat())).toBe(200);
    expect(await simulator.figures('sim-small')).toMatchObject({
      maxCallsInAnyMinute: 3,
      outcomes: { refused: 2 },
    });
  });

  it('count tokens, and each key on its own', async () => {
    await simulator.change('sim-small', { limits: { tokensPerMinute: 40 } });
    const first = await chat('hello', {}, { authorization: 'Bearer one' });
    expect(first.headers.get('x-ratelimit-remaining-tokens')).toBe('22');
    expect(await statusOf(chat('hello', {}, { authorization: 'Bearer one' }))).toBe(200);
    expect(await statusOf(chat('hello', {}, { authorization: 'Bearer one' }))).toBe(429);
    expect(await statusOf(chat('hello', {}, { authorization: 'Bearer two' }))).toBe(200);
  });

  it('bound the calls under way', async () => {
    await simulator.change('sim-small', { limits: { concurrency: 2 }, latency: { firstTokenMs: 100 } });
    const slow = [statusOf(chat()), statusOf(chat())];
    await eventually(() => clock.waiting === 2);
    const refused = await chat();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    clock.advance(100);
    expect(await Promise.all(slow)).toEqual([200, 200]);
    expect(await simulator.figures('sim-small')).toMatchObject({ peakConcurrency: 2, inFlight: 0 });
  });
});

describe('latency', () => {
  it('comes before the first token and between tokens', async () => {
    await simulator.change('sim-small', { latency: { firstTokenMs: 200, tokensPerSecond: 10 } });
    const asked = chat('[[tokens: 3]]', { stream: true });
    await eventually(() => clock.waiting === 1);
    clock.advance(199);
    expect((await simulator.figures('sim-small')).inFlight).toBe(1);
    clock.advance(1);
    const response = await asked;
    const reader = response.body!.getReader();
    const next = async () => Buffer.from((await reader.read()).value as Uint8Array).toString();
    expect((await next()).match(/"content":"[^"]/g)).toHaveLength(1);
    clock.advance(100);
    expect((await next()).match(/"content":"/g)).toHaveLength(1);
    clock.advance(100);
    expect(await next()).toContain('[DONE]');
  });

  it('is also that of a caller who reads slowly: no more is sent than it takes', async () => {
    const response = await chat('[[tokens: 50000]]', { stream: true });
    expect((await simulator.figures('sim-small')).inFlight).toBe(1);
    expect((await response.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await simulator.ledger()).toMatchObject([{ outcome: 'completed', outputTokens: 50_000 }]);
  });

  it('of a whole answer is that of all its tokens, and a header can order it', async () => {
    const asked = statusOf(chat('[[tokens: 11]]', {}, { 'x-simulator-latency': '50 100' }));
    await eventually(() => clock.waiting === 1);
    clock.advance(149);
    expect((await simulator.figures('sim-small')).inFlight).toBe(1);
    clock.advance(1);
    expect(await asked).toBe(200);
  });
});

describe('the ledger', () => {
  it('has one entry a call, with the attempt, the key without giving it away, the times and the charge', async () => {
    await (await chat('hello', {}, { 'x-request-id': 'att_1', authorization: 'Bearer secret' })).json();
    expect(await simulator.ledger()).toEqual([
      {
        sequence: 1,
        attempt: 'att_1',
        api: 'openai.chat',
        model: 'sim-small',
        key: '2bb80d537b1da3e3',
        startedAtMs: clock.nowMs(),
        endedAtMs: clock.nowMs(),
        outcome: 'completed',
        fault: null,
        status: 200,
        streamed: false,
        callerLeft: false,
        inputTokens: 2,
        outputTokens: 16,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        reasoningTokens: 0,
      },
    ]);
  });

  it('charges a stream that the caller left for what was produced until then', async () => {
    await simulator.change('sim-small', { latency: { firstTokenMs: 0, tokensPerSecond: 10 } });
    const response = await chat('hello', { stream: true });
    const reader = response.body!.getReader();
    await reader.read();
    clock.advance(300);
    await reader.cancel();
    await eventually(async () => (await simulator.ledger()).length === 1);
    expect(await simulator.ledger()).toMatchObject([
      { outcome: 'aborted', callerLeft: true, streamed: true, status: 200, inputTokens: 2, outputTokens: 4 },
    ]);
    expect(clock.waiting).toBe(0);
  });

  it('charges a whole answer that the caller did not wait for by its pace', async () => {
    const leaving = new AbortController();
    const failed = expect(
      chat('hello', {}, { 'x-simulator-latency': '100 10' }, leaving.signal),
    ).rejects.toThrow();
    await eventually(() => clock.waiting === 1);
    clock.advance(350);
    leaving.abort();
    await failed;
    await eventually(async () => (await simulator.ledger()).length === 1);
    expect(await simulator.ledger()).toMatchObject([
      { outcome: 'aborted', status: 0, inputTokens: 2, outputTokens: 3 },
    ]);
  });

  it('is read by page, as JSON lines, filtered, and cleared', async () => {
    for (let i = 0; i < 60; i++) await (await chat('x', {}, { 'x-request-id': `att_${i}` })).text();
    const get = (path: string) => fetch(`${simulator.url}${path}`);
    expect(await (await get('/_simulator/ledger?limit=2')).json()).toMatchObject({
      entries: [{ attempt: 'att_10' }, { attempt: 'att_11' }],
      next: 12,
      size: 50,
      dropped: 10,
    });
    expect((await simulator.ledger('?after=58')).map(({ attempt }) => attempt)).toEqual(['att_58', 'att_59']);
    const lines = (await (await get('/_simulator/ledger.jsonl')).text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(await simulator.ledger());
    expect((await get('/_simulator/ledger?limit=none')).status).toBe(400);
    expect((await fetch(`${simulator.url}/_simulator/ledger`, { method: 'DELETE' })).status).toBe(204);
    expect(await simulator.ledger()).toEqual([]);
    expect(await simulator.figures('sim-small')).toMatchObject({ calls: 0, inputTokens: 0 });
  });

  it('shows the settings that figures come from', async () => {
    await simulator.change('sim-small', { output: { tokens: 3 } });
    const { models } = (await (await fetch(`${simulator.url}/_simulator/models`)).json()) as {
      models: object[];
    };
    expect(models[0]).toMatchObject({ id: 'sim-small', output: { tokens: 3, cachedShare: 0 } });
  });

  it('has an entry for what was refused, and none for what is not a call', async () => {
    await simulator.post('/v1/chat/completions', 'no object');
    await simulator.post('/v1/unknown', {});
    await (await fetch(`${simulator.url}/v1/models`)).json();
    expect(await (await fetch(`${simulator.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await simulator.ledger()).toMatchObject([{ outcome: 'refused', status: 400, model: '' }]);
  });
});
