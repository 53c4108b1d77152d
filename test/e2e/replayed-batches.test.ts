import OpenAI, { toFile } from 'openai';
import { eventually } from '@penstock/testing';
import { postToStack, type PostToStack } from '../stack/post-to-stack.js';
import { OTHER_KEY, startStack, type Stack } from '../stack/start-stack.js';

const LINE = JSON.stringify({
  custom_id: 'a',
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'small', messages: [{ role: 'user', content: 'Name a river.' }] },
});

/** The official client, told which header its keys go into: left alone it sends none. */
class KeyedOpenAI extends OpenAI {
  protected override idempotencyHeader = 'Idempotency-Key';
}

describe('a batch that is asked for again under its idempotency key', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack({ ingresses: 2 })));
  afterAll(() => stack.close());

  const key = (name: string) => ({ 'idempotency-key': name.replaceAll(' ', '-') });
  const mine = () => ({ authorization: `Bearer ${stack.keys.acme}` });
  const upload = async (): Promise<string> => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([LINE]), 'in.jsonl');
    return idOf(await fetch(`${stack.url}/v1/files`, { method: 'POST', headers: mine(), body: form }));
  };
  const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
  const idsAt = async (path: string): Promise<string[]> => {
    const list = await fetch(`${stack.url}${path}?limit=100`, { headers: mine() });
    return ((await list.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  /** The ids that are new at a path, newest first. */
  const madeDuring = async (path: string, task: () => Promise<unknown>) => {
    const before = new Set(await idsAt(path));
    await task();
    return (await idsAt(path)).filter((id) => !before.has(id));
  };
  const partsStored = async () => {
    const { state } = await stack.connection.jsm.streams.info('OBJ_files', {
      subjects_filter: '$O.files.C.>',
    });
    return Object.keys(state.subjects ?? {}).length;
  };
  /** Until all batches have ended, so that nothing else is written to the object store. */
  const quiet = async () => {
    for (const secret of [stack.keys.acme, stack.keys.globex]) {
      await eventually(async () => {
        const headers = { authorization: `Bearer ${secret}` };
        const list = await fetch(`${stack.url}/v1/batches?limit=100`, { headers });
        return !/"status":"(validating|in_progress|finalizing)"/.test(await list.text());
      });
    }
  };

  const batch = async () => ({
    path: '/v1/batches',
    body: {
      input_file_id: await upload(),
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { longer: 'than', a: '1' },
    },
    other: { completion_window: '12h' },
    shape: { error: { type: 'invalid_request_error', code: 'invalid_request', param: 'Idempotency-Key' } },
  });
  const messageBatch = () =>
    Promise.resolve({
      path: '/v1/messages/batches',
      body: {
        requests: [
          {
            custom_id: 'a',
            params: { model: 'small', max_tokens: 64, messages: [{ role: 'user', content: 'x' }] },
          },
        ],
      },
      other: { further: true },
      shape: { type: 'error', error: { type: 'invalid_request_error' } },
    });
  const ended = (path: string, id: string) =>
    eventually(
      async () => {
        const found = await fetch(`${stack.url}${path}/${id}`, { headers: mine() });
        return /status":"(completed|ended)"/.test(await found.text());
      },
      { timeoutMs: 30_000, what: `the end of ${id}` },
    );
  const call = (post: PostToStack) => postToStack(stack, post);

  describe.each([
    ['a batch', batch],
    ['a message batch', messageBatch],
  ])('as %s', (name, request) => {
    it('is the one object, with the bytes of the first answer, also when it has ended or is deleted', async () => {
      const { path, body } = await request();
      const made = await madeDuring(path, async () => {
        const first = await call({ path, body, headers: key(`${name} again`) });
        expect(first.status).toBe(200);
        expect(first.headers.get('x-penstock-replayed')).toBeNull();
        const bytes = await first.text();
        const replayed = async (ingress: number) => {
          const again = await call({ path, body, headers: key(`${name} again`), ingress });
          expect(again.status).toBe(200);
          expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
          expect(again.headers.get('x-penstock-replayed')).toBe('true');
          expect(await again.text()).toBe(bytes);
        };
        await replayed(0);
        await replayed(1);
        const { id } = JSON.parse(bytes) as { id: string };
        await ended(path, id);
        await replayed(1);
        if (path === '/v1/messages/batches') {
          await fetch(`${stack.url}${path}/${id}`, { method: 'DELETE', headers: mine() });
          await replayed(0);
          expect(await idsAt(path)).not.toContain(id);
        }
      });
      expect(made).toHaveLength(path === '/v1/messages/batches' ? 0 : 1);
    });

    it('is one, however many come at once', async () => {
      const { path, body } = await request();
      await quiet();
      const before = await partsStored();
      const files = await madeDuring('/v1/files', async () => {
        const made = await madeDuring(path, async () => {
          const answers = await Promise.all(
            Array.from({ length: 12 }, (_, at) =>
              call({ path, body, headers: key(`${name} at once`), ingress: at % 2 }),
            ),
          );
          expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
          expect(answers.filter(({ headers }) => !headers.has('x-penstock-replayed'))).toHaveLength(1);
          const texts = await Promise.all(answers.map((answer) => answer.text()));
          expect(new Set(texts).size).toBe(1);
          await ended(path, (JSON.parse(texts[0] ?? '') as { id: string }).id);
        });
        expect(made).toHaveLength(1);
      });
      // What went in, if it came with the request, and what came out. What the others had stored is removed.
      const inline = path === '/v1/messages/batches' ? 1 : 0;
      expect(files).toHaveLength(inline + 1);
      expect((await partsStored()) - before).toBe(inline + 1);
    });

    it('is refused with 422 when its body is another one', async () => {
      const { path, body, other } = await request();
      const headers = key(`${name} other`);
      expect((await call({ path, body, headers })).status).toBe(200);
      const made = await madeDuring(path, async () => {
        const refused = await call({ path, body: { ...body, ...other }, headers, ingress: 1 });
        expect(refused.status).toBe(422);
        expect(await refused.text()).toMatch(/used for another request/);
        const chat = { model: 'small', messages: [{ role: 'user', content: 'Name a river.' }] };
        expect((await call({ body: chat, headers })).status).toBe(422);
      });
      expect(made).toEqual([]);
    });

    it("is not another API key's, nor another tenant's", async () => {
      const { path, body } = await request();
      const headers = key(`${name} mine`);
      const first = await idOf(await call({ path, body, headers }));
      const theirs = await call({ path, body, headers, secret: OTHER_KEY });
      expect(theirs.headers.get('x-penstock-replayed')).toBeNull();
      expect(await idOf(theirs)).not.toBe(first);
      const others = await call({ path, body, headers, secret: stack.keys.globex });
      expect(others.headers.get('x-penstock-replayed')).toBeNull();
    });

    it.each([
      ['empty', ''],
      ['too long', 'k'.repeat(256)],
      ['of other characters', 'two words'],
    ])('is refused with a key that is %s', async (_, value) => {
      const { path, body, shape } = await request();
      const refused = await call({ path, body, headers: { 'idempotency-key': value } });
      expect(refused.status).toBe(400);
      const message = 'An idempotency key has 1 to 255 visible ASCII characters.';
      expect(await refused.json()).toMatchObject({ ...shape, error: { ...shape.error, message } });
    });

    it('is refused of a call that had the key before', async () => {
      const { path, body } = await request();
      const headers = key(`${name} after a call`);
      const chat = { model: 'small', messages: [{ role: 'user', content: 'Name a river.' }] };
      expect((await call({ body: chat, headers })).status).toBe(200);
      expect((await call({ path, body, headers })).status).toBe(422);
    });
  });

  it('does not spend the key of a batch that is refused', async () => {
    const { path, body } = await batch();
    const headers = key('batch refused');
    const none = await call({ path, body: { ...body, input_file_id: 'file_none' }, headers });
    expect(await none.json()).toMatchObject({ error: { code: 'file_not_found' } });
    const right = await call({ path, body, headers });
    expect(right.status).toBe(200);
    expect(right.headers.get('x-penstock-replayed')).toBeNull();
  });

  it("is what the official client's idempotencyKey says", async () => {
    const client = new KeyedOpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const input_file_id = await upload();
    const make = (completion_window: string) =>
      client.batches.create(
        {
          input_file_id,
          endpoint: '/v1/chat/completions',
          completion_window: completion_window as '24h',
        },
        { idempotencyKey: 'official-batch' },
      );
    const made = await make('24h');
    expect(await make('24h')).toEqual(made);
    await expect(make('12h')).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      param: 'Idempotency-Key',
    });
    await ended('/v1/batches', made.id);
    expect(await make('24h')).toEqual(made);
  });

  it("is one when the official client's connection breaks behind the request, and it sends it again by itself", async () => {
    const keys: (string | null)[] = [];
    const client = new KeyedOpenAI({
      baseURL: `${stack.url}/v1`,
      apiKey: stack.keys.acme,
      maxRetries: 1,
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        // It tries out what this can do before its first form.
        if (init?.method !== 'POST') return answer;
        keys.push(new Headers(init.headers).get('idempotency-key'));
        if (keys.length % 2 === 0) return answer;
        await answer.text();
        throw new TypeError('The connection broke.');
      },
    });
    const files = await madeDuring('/v1/files', async () => {
      const file = await client.files.create({
        file: await toFile(Buffer.from(LINE), 'in.jsonl'),
        purpose: 'batch',
      });
      const batches = await madeDuring('/v1/batches', () =>
        client.batches.create({
          input_file_id: file.id,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      );
      expect(batches).toHaveLength(1);
      await quiet();
    });
    // What went in and what came out.
    expect(files).toHaveLength(2);
    const [file, fileAgain, made, madeAgain] = keys;
    expect([file, made]).toEqual([fileAgain, madeAgain]);
    expect(new Set(keys).size).toBe(2);
  });
});
