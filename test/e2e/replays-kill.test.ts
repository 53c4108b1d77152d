import { eventually } from '@penstock/testing';
import { spawnStack, type SpawnedStack } from '../stack/spawn-stack.js';

interface LedgerEntry {
  readonly attempt: string;
  readonly outcome: string;
}

describe('idempotency keys, when the ingress is killed', () => {
  let stack: SpawnedStack;
  beforeAll(async () => (stack = await spawnStack()), 90_000);
  afterAll(() => stack.close());

  const call = (key: string, content: string, more: { stream?: boolean } & RequestInit = {}) => {
    const { stream = false, ...init } = more;
    return fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        'x-penstock-resume': '1',
      },
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content }], stream }),
      ...init,
    });
  };
  const upstream = async () => {
    const ledger = await fetch(`${stack.simulatorUrl}/_simulator/ledger?limit=1000`);
    return ((await ledger.json()) as { entries: LedgerEntry[] }).entries.length;
  };
  const restart = async () => {
    await stack.kill('ingress');
    stack.start('ingress');
    await eventually(() => fetch(`${stack.url}/v1/models`).then((answer) => answer.status === 401), {
      timeoutMs: 30_000,
    });
  };

  it('gives every caller who comes back the one answer of its job', async () => {
    const before = await upstream();
    const prompts = Array.from({ length: 20 }, (_, at) => `[[latency: 1500]] Number ${at}.`);
    const broken = prompts.map((prompt, at) =>
      call(`call-${at}`, prompt).then(
        () => 'answered',
        () => 'broken',
      ),
    );
    await eventually(async () => {
      const stats = await fetch(`${stack.simulatorUrl}/_simulator/stats`);
      return (await stats.text()).includes(`"inFlight":${prompts.length}`);
    });
    await restart();
    expect(await Promise.all(broken)).toEqual(prompts.map(() => 'broken'));
    const answers = await Promise.all(prompts.map((prompt, at) => call(`call-${at}`, prompt)));
    expect(answers.map(({ status }) => status)).toEqual(prompts.map(() => 200));
    const again = await Promise.all(prompts.map((prompt, at) => call(`call-${at}`, prompt)));
    expect(await Promise.all(again.map((answer) => answer.text()))).toEqual(
      await Promise.all(answers.map((answer) => answer.text())),
    );
    expect((await upstream()) - before).toBe(prompts.length);
  });

  it('lets a stream go on behind the last event that arrived', async () => {
    const before = await upstream();
    const prompt = '[[tokens: 80]] [[latency: 100 30]] At ease.';
    const stream = await call('stream', prompt, { stream: true });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let had = '';
    while ((had.match(/^id: /gm) ?? []).length < 5) had += (await reader?.read())?.value ?? '';
    await restart();
    await expect(reader?.read().then(() => reader.read())).rejects.toThrow();
    had = had.slice(0, had.lastIndexOf('\n\n') + 2);
    const last = [...had.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
    const rest = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        'idempotency-key': 'stream',
        'last-event-id': last,
      },
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: prompt }], stream: true }),
    });
    const whole = await call('stream', prompt, { stream: true });
    expect(had + (await rest.text())).toBe(await whole.text());
    expect((await upstream()) - before).toBe(1);
  });
});
