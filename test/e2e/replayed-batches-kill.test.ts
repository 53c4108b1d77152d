import { openConnection, type Connection } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { spawnStack, type SpawnedStack } from '../stack/spawn-stack.js';

const body = { model: 'small', max_tokens: 64, messages: [{ role: 'user', content: 'Name a river.' }] };
const LINE = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body });

describe('idempotency keys of files and batches, when something is killed', () => {
  let stack: SpawnedStack;
  let connection: Connection;
  let input: string;
  beforeAll(async () => {
    stack = await spawnStack();
    connection = await openConnection({ url: stack.nats.url, name: 'test' });
    const file = await eventually(async () => {
      const uploaded = await upload();
      return uploaded.ok && uploaded;
    });
    input = ((await file.json()) as { id: string }).id;
  }, 90_000);
  afterAll(async () => {
    await connection.close();
    await stack.close();
  });

  const authorization = () => `Bearer ${stack.keys.acme}`;
  const upload = (key?: string) => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([LINE]), 'in.jsonl');
    const headers = { authorization: authorization(), ...(key !== undefined && { 'idempotency-key': key }) };
    return fetch(`${stack.url}/v1/files`, { method: 'POST', headers, body: form });
  };
  const post = (path: string, key: string, json: object) =>
    fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: authorization(),
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(json),
    });
  /** Requests that make something, each under its key. */
  const makers = {
    '/v1/files': upload,
    '/v1/batches': (key: string) =>
      post('/v1/batches', key, {
        input_file_id: input,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      }),
    '/v1/messages/batches': (key: string) =>
      post('/v1/messages/batches', key, { requests: [{ custom_id: 'a', params: body }] }),
  } as const;
  const paths = Object.keys(makers) as (keyof typeof makers)[];

  const inputsAndBatches = async (): Promise<number> => {
    const get = async (path: string) => {
      const list = await fetch(`${stack.url}${path}`, { headers: { authorization: authorization() } });
      return ((await list.json()) as { data: unknown[] }).data.length;
    };
    return (await get('/v1/files?purpose=batch&limit=1000')) + (await get('/v1/batches?limit=100'));
  };
  const claims = async () => (await connection.jsm.streams.info('CLAIMS')).state.messages;
  const claimed = (count: number) =>
    eventually(async () => (await claims()) >= count, { timeoutMs: 30_000, what: `${count} claims` });
  const restartIngress = async () => {
    await stack.kill('ingress');
    stack.start('ingress');
    await eventually(() => fetch(`${stack.url}/v1/models`).then((answer) => answer.status === 401), {
      timeoutMs: 30_000,
    });
  };
  const attempt = (sent: Promise<Response>) =>
    sent.then(
      (answer) => answer.status,
      () => 'broken',
    );

  /** Sends one again until it is answered, then once more: the second answer is the first. Whether that was a replay. */
  const answeredOnce = async (path: keyof typeof makers, key: string) => {
    const first = await eventually(
      async () => {
        const answer = await makers[path](key);
        return answer.ok && answer;
      },
      { timeoutMs: 30_000, what: `an answer of ${path}` },
    );
    const again = await makers[path](key);
    expect(again.headers.get('x-penstock-replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
    return first.headers.get('x-penstock-replayed');
  };

  it('makes what was claimed by an ingress that died, once, also if its question is still on its way', async () => {
    const before = { made: await inputsAndBatches(), claims: await claims() };
    const thaw = stack.freeze('batch');
    const broken = paths.map((path) => attempt(makers[path](`ingress${path}`)));
    await claimed(before.claims + paths.length);
    await restartIngress();
    expect(await Promise.all(broken)).toEqual(paths.map(() => 'broken'));
    thaw();
    const answers = await Promise.all(paths.map((path) => answeredOnce(path, `ingress${path}`)));
    expect(answers).toEqual(paths.map(() => 'true'));
    // A file, a batch, and a batch with its file.
    expect((await inputsAndBatches()) - before.made).toBe(4);
  });

  it('makes what a batch service that died was asked for, once', async () => {
    const before = { made: await inputsAndBatches(), claims: await claims() };
    stack.freeze('batch');
    const unanswered = paths.map((path) => attempt(makers[path](`batch${path}`)));
    await claimed(before.claims + paths.length);
    await stack.kill('batch');
    expect(await Promise.all(unanswered)).toEqual(paths.map(() => 503));
    stack.start('batch');
    const answers = await Promise.all(paths.map((path) => answeredOnce(path, `batch${path}`)));
    expect(answers).toEqual(paths.map(() => 'true'));
    expect((await inputsAndBatches()) - before.made).toBe(4);
  });

  it('makes each of many once, wherever the ingress was with it', async () => {
    const before = { made: await inputsAndBatches(), claims: await claims() };
    const keys = Array.from({ length: 12 }, (_, at) => `many-${at}`);
    const sent = keys.flatMap((key) => paths.map((path) => attempt(makers[path](`${key}${path}`))));
    await claimed(before.claims + 1);
    await restartIngress();
    const outcomes = await Promise.all(sent);
    expect(outcomes).toContain('broken');
    await Promise.all(keys.flatMap((key) => paths.map((path) => answeredOnce(path, `${key}${path}`))));
    expect((await inputsAndBatches()) - before.made).toBe(4 * keys.length);
  });
});
