import { eventually } from '@penstock/testing';
import { runSimulator, type RunningSimulator } from './running-simulator.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await runSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.change('sim-small', { faults: [] });
});

const CHAT = '/v1/chat/completions';

function chat(fault: string, more: object = {}, attempt = 'att') {
  const body = { model: 'sim-small', messages: [{ role: 'user', content: 'hello' }], ...more };
  return simulator.post(CHAT, body, { 'x-simulator-fault': fault, 'x-request-id': attempt });
}

async function entryOf(attempt: string) {
  const [entry] = await simulator.ledger(`?attempt=${attempt}`);
  return entry;
}

describe('a fault that is ordered', () => {
  it.each([
    [500, null, { type: 'server_error' }],
    [503, null, { type: 'server_error', code: 'overloaded' }],
    [429, '2', { type: 'requests', code: 'rate_limit_exceeded' }],
    [401, null, { code: 'invalid_api_key' }],
  ])('answers %i and charges nothing', async (status, retryAfter, error) => {
    const response = await chat(`${status}; ${retryAfter ? 'retry-after-ms=1500' : ''}`, {}, `att_${status}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await response.json()).toMatchObject({ error });
    expect(await entryOf(`att_${status}`)).toMatchObject({
      ...{ outcome: 'faulted', fault: 'status', status, inputTokens: 0, outputTokens: 0 },
    });
  });

  it('resets the connection', async () => {
    await expect(chat('reset', {}, 'att_reset')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(await entryOf('att_reset')).toMatchObject({ outcome: 'faulted', fault: 'reset', status: 0 });
  });

  it('hangs until the caller leaves', async () => {
    const leaving = new AbortController();
    const body = { model: 'sim-small', messages: [{ role: 'user', content: 'hello' }] };
    const headers = { 'x-simulator-fault': 'hang', 'x-request-id': 'att_hang' };
    const asked = simulator.post(CHAT, body, headers, leaving.signal);
    const failed = expect(asked).rejects.toThrow();
    await eventually(async () => (await simulator.figures('sim-small')).inFlight === 1);
    leaving.abort();
    await failed;
    await eventually(async () => (await entryOf('att_hang')) !== undefined);
    expect(await entryOf('att_hang')).toMatchObject({
      outcome: 'faulted',
      fault: 'hang',
      callerLeft: true,
      inputTokens: 0,
    });
  });

  it('answers with a page of HTML, with broken JSON, or without usage', async () => {
    const html = await chat('wrong-content-type');
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    await expect((await chat('malformed', {}, 'att_malformed')).json()).rejects.toThrow(SyntaxError);
    expect(await entryOf('att_malformed')).toMatchObject({
      outcome: 'faulted',
      inputTokens: 2,
      outputTokens: 16,
    });
    expect(await (await chat('missing-usage')).json()).not.toHaveProperty('usage');
  });

  it('cuts a stream: what came before arrives, and what was produced is charged', async () => {
    const response = await chat('cut; after=4; mid', { stream: true }, 'att_cut');
    let text = '';
    const reading = async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
    };
    await expect(reading()).rejects.toThrow('terminated');
    expect(text.split('\n\n')).toHaveLength(5);
    expect(text.split('\n\n').at(-1)).not.toBe('');
    expect(await entryOf('att_cut')).toMatchObject({
      outcome: 'faulted',
      fault: 'cut',
      inputTokens: 2,
      outputTokens: 3,
    });
  });

  it('truncates a stream with a clean end, ends it with an error, or spoils an event', async () => {
    const truncated = await (await chat('truncate; after=3', { stream: true })).text();
    expect(truncated).not.toContain('[DONE]');
    expect(truncated).not.toContain('"finish_reason":"stop"');
    const failed = await (await chat('error-event; after=3', { stream: true })).text();
    expect(JSON.parse(failed.trimEnd().split('\n\n').at(-1)?.slice(6) ?? '')).toMatchObject({
      error: { type: 'server_error' },
    });
    const spoilt = (await (await chat('malformed; after=1', { stream: true })).text())
      .trimEnd()
      .split('\n\n');
    expect(() => JSON.parse(spoilt[1]?.slice(6) ?? '') as unknown).toThrow(SyntaxError);
    expect(spoilt.at(-1)).toBe('data: [DONE]');
  });

  it('stalls a stream until the caller leaves, and charges what was produced', async () => {
    const response = await chat('stall; after=3', { stream: true }, 'att_stall');
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await eventually(async () => (await entryOf('att_stall')) !== undefined);
    expect(await entryOf('att_stall')).toMatchObject({
      fault: 'stall',
      callerLeft: true,
      inputTokens: 2,
      outputTokens: 2,
    });
  });

  it('drips, and still says everything', async () => {
    const text = await (await chat('drip; bytes=200; ms=1', { stream: true })).text();
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('can be ordered in the prompt', async () => {
    const body = { model: 'sim-small', messages: [{ role: 'user', content: 'hi [[fault: 500]]' }] };
    expect((await simulator.post(CHAT, body)).status).toBe(500);
  });
});

describe('faults by rule', () => {
  const statuses = async (on: RunningSimulator, count: number) => {
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      const body = { model: 'sim-small', messages: [{ role: 'user', content: 'hello' }] };
      const response = await on.post(CHAT, body);
      await response.text();
      seen.push(response.status);
    }
    return seen;
  };

  it('strike the same calls of two simulators with the same seed', async () => {
    const others = await Promise.all([
      runSimulator({ seed: 5 }),
      runSimulator({ seed: 5 }),
      runSimulator({ seed: 6 }),
    ]);
    try {
      for (const other of others) await other.change('sim-small', { faults: [{ fault: 500, rate: 0.5 }] });
      const [one, same, different] = await Promise.all(others.map((other) => statuses(other, 40)));
      expect(one).toEqual(same);
      expect(one).not.toEqual(different);
      expect(new Set(one)).toEqual(new Set([200, 500]));
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it('strike every nth call from when they are set, and stop when they are taken away', async () => {
    await simulator.change('sim-small', { faults: [{ fault: 503, every: 3 }] });
    expect(await statuses(simulator, 6)).toEqual([200, 200, 503, 200, 200, 503]);
    await simulator.change('sim-small', { faults: [] });
    expect(await statuses(simulator, 3)).toEqual([200, 200, 200]);
  });

  it('cannot be set wrongly', async () => {
    expect(
      (await simulator.post('/_simulator/models/sim-small', { faults: [{ fault: 'fire' }] })).status,
    ).toBe(400);
    expect((await simulator.post('/_simulator/models/none', {})).status).toBe(404);
  });
});
