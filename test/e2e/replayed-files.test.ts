import OpenAI, { toFile } from 'openai';
import { OTHER_KEY, startStack, type Stack } from '../stack/start-stack.js';

const TEXT = JSON.stringify({ custom_id: 'a' });

/** The official client, told which header its keys go into: left alone it sends none. */
class KeyedOpenAI extends OpenAI {
  protected override idempotencyHeader = 'Idempotency-Key';
}

describe('a file that is uploaded again under its idempotency key', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack({ ingresses: 2 })));
  afterAll(() => stack.close());

  const mine = () => ({ authorization: `Bearer ${stack.keys.acme}` });
  const upload = (
    name: string,
    { text = TEXT, filename = 'in.jsonl', purpose = 'batch', ingress = 0, secret = stack.keys.acme } = {},
  ) => {
    const form = new FormData();
    form.set('purpose', purpose);
    form.set('file', new Blob([text]), filename);
    const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': name };
    return fetch(`${stack.urls[ingress]}/v1/files`, { method: 'POST', headers, body: form });
  };
  const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
  const listed = async (): Promise<string[]> => {
    const list = await fetch(`${stack.url}/v1/files?limit=100`, { headers: mine() });
    return ((await list.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  const madeDuring = async (task: () => Promise<unknown>) => {
    const before = new Set(await listed());
    await task();
    return (await listed()).filter((id) => !before.has(id));
  };
  const partsStored = async () => {
    const { state } = await stack.connection.jsm.streams.info('OBJ_files', {
      subjects_filter: '$O.files.C.>',
    });
    return Object.keys(state.subjects ?? {}).length;
  };

  it('is one file with the bytes of the first answer, at any ingress', async () => {
    const made = await madeDuring(async () => {
      const before = await partsStored();
      const first = await upload('again');
      expect(first.status).toBe(200);
      expect(first.headers.get('x-penstock-replayed')).toBeNull();
      const bytes = await first.text();
      const { id } = JSON.parse(bytes) as { id: string };
      for (const ingress of [0, 1]) {
        const again = await upload('again', { ingress });
        expect(again.headers.get('x-penstock-replayed')).toBe('true');
        expect(await again.text()).toBe(bytes);
      }
      expect((await partsStored()) - before).toBe(1);
      const content = await fetch(`${stack.url}/v1/files/${id}/content`, { headers: mine() });
      expect(await content.text()).toBe(TEXT);
      await fetch(`${stack.url}/v1/files/${id}`, { method: 'DELETE', headers: mine() });
      expect(await (await upload('again')).text()).toBe(bytes);
    });
    expect(made).toEqual([]);
  });

  it('is one, however many come at once, and its bytes are stored once', async () => {
    const text = `${TEXT}\n`.repeat(140_000);
    expect(text.length).toBeGreaterThan(2 * 1024 ** 2);
    const before = await partsStored();
    const made = await madeDuring(async () => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, at) => upload('at-once', { text, ingress: at % 2 })),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(new Set(texts).size).toBe(1);
    });
    expect(made).toHaveLength(1);
    const content = await fetch(`${stack.url}/v1/files/${made[0]}/content`, { headers: mine() });
    expect(await content.text()).toBe(text);
    expect((await partsStored()) - before).toBe(Math.ceil(text.length / 1024 ** 2));
  });

  it('is refused with 422 when its bytes or its name are others, and nothing of it stays', async () => {
    await upload('other');
    const before = await partsStored();
    for (const other of [{ text: `${TEXT}\n` }, { filename: 'other.jsonl' }]) {
      const refused = await upload('other', { ...other, ingress: 1 });
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({
        error: { code: 'idempotency_key_reused', param: 'Idempotency-Key' },
      });
    }
    expect(await partsStored()).toBe(before);
  });

  it("is not another API key's", async () => {
    const first = await idOf(await upload('mine'));
    expect(await idOf(await upload('mine', { secret: OTHER_KEY }))).not.toBe(first);
  });

  it('does not spend the key when it is refused', async () => {
    expect((await upload('refused', { purpose: 'fine-tune' })).status).toBe(400);
    const right = await upload('refused');
    expect(right.status).toBe(200);
    expect(right.headers.get('x-penstock-replayed')).toBeNull();
    const bad = await upload('k'.repeat(256));
    expect(await bad.json()).toMatchObject({
      error: { code: 'invalid_request', param: 'Idempotency-Key' },
    });
  });

  it("is what the official client's idempotencyKey says", async () => {
    const client = new KeyedOpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const put = async (text: string) =>
      client.files.create(
        { file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' },
        { idempotencyKey: 'official' },
      );
    const file = await put(TEXT);
    expect(await put(TEXT)).toEqual(file);
    await expect(put(`${TEXT}\n`)).rejects.toThrow(OpenAI.UnprocessableEntityError);
  });
});
