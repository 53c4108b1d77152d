import { eventually } from '@penstock/testing';
import OpenAI, { toFile } from 'openai';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

const KINDS = ['moderation', 'image', 'speech', 'transcription'];

/** Pictures, sound and moderation with OpenAI's own client: passed through, and jobs like all others. */
describe('the openai client, beside text', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    const price = { input: 1, output: 2 };
    stack = await startStack({
      deployments: [
        ...STACK_DEPLOYMENTS,
        ...KINDS.map((kind) => ({
          ...{ id: `simulator/${kind}`, provider: 'simulator', upstreamModel: `sim-${kind}` },
          ...{ price, limits: { concurrency: 8 } },
        })),
        {
          ...{ id: 'other/image', provider: 'other', upstreamModel: 'sim-image' },
          ...{ price, limits: { concurrency: 8 } },
        },
      ],
      models: [
        ...STACK_MODELS,
        ...KINDS.map((name) => ({ name, deployments: [`simulator/${name}`], maxOutputTokens: 4_096 })),
        {
          name: 'omni-moderation-latest',
          deployments: ['simulator/moderation'],
          maxOutputTokens: 4_096,
        },
        { name: 'elsewhere', deployments: ['other/image'], maxOutputTokens: 4_096 },
      ],
      providers: {
        simulator: { adapter: 'openai', path: '/v1' },
        other: { adapter: 'anthropic', path: '/v1' },
      },
    });
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  /** The ledger's row of a job, as soon as there is one. */
  const ledgerOf = (job: string | null) =>
    eventually(async () => {
      const { rows } = await stack.database.query<{
        api: string;
        input_tokens: string;
        output_tokens: string;
      }>('SELECT api, input_tokens, output_tokens FROM ledger WHERE job = $1', [job]);
      return (
        rows[0] && { ...rows[0], input: Number(rows[0].input_tokens), output: Number(rows[0].output_tokens) }
      );
    });

  it('moderates, by the default model too, and is metered', async () => {
    const { data, response } = await client.moderations
      .create({ model: 'moderation', input: ['a quiet river', 'how to attack a mill'] })
      .withResponse();
    expect(data.results.map(({ flagged }) => flagged)).toEqual([false, true]);
    expect(data.results[1]?.categories.violence).toBe(true);
    const row = await ledgerOf(response.headers.get('x-penstock-job'));
    expect(row).toMatchObject({ api: 'openai.moderations', output: 0 });
    expect(row?.input).toBeGreaterThan(0);
    const plain = await client.moderations.create({ input: 'a quiet river' });
    expect(plain.results).toHaveLength(1);
  });

  it('makes pictures, whole and streamed, charged as the provider counts', async () => {
    const { data, response } = await client.images
      .generate({ model: 'image', prompt: 'a mill', n: 2, size: '1024x1024', quality: 'low' })
      .withResponse();
    expect(data.data?.map(({ b64_json: picture }) => pngSize(picture))).toEqual([
      [1024, 1024],
      [1024, 1024],
    ]);
    const row = await ledgerOf(response.headers.get('x-penstock-job'));
    expect(row).toMatchObject({ input: data.usage?.input_tokens, output: 544 });

    const stream = await client.images.generate({
      ...{ model: 'image', prompt: 'a mill', quality: 'low', stream: true, partial_images: 2 },
    } as OpenAI.ImageGenerateParamsStreaming);
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
  });

  it('edits pictures that are larger than a message', async () => {
    const image = await toFile(Buffer.alloc(1_500_000, 7), 'mill.png', { type: 'image/png' });
    const edited = await client.images.edit({ model: 'image', prompt: 'at night', image, size: '512x512' });
    expect(pngSize(edited.data?.[0]?.b64_json)).toEqual([512, 512]);
    const several = await client.images.edit({ model: 'image', prompt: 'both', image: [image, image], n: 1 });
    expect(several.usage?.input_tokens_details.image_tokens).toBe(170);
  });

  it('speaks, as bytes and as events', async () => {
    const input = 'The river turns the wheel, and the wheel turns the stone.';
    const answer = await client.audio.speech.create({
      ...{ model: 'speech', voice: 'alloy', input, response_format: 'wav' },
    });
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    const sound = Buffer.from(await answer.arrayBuffer());
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect(sound.readUInt32LE(40)).toBe(sound.length - 44);
    expect(await ledgerOf(answer.headers.get('x-penstock-job'))).toMatchObject({
      api: 'openai.audio.speech',
      input: Math.ceil(input.length / 4),
    });

    const events = await client.audio.speech.create({
      ...{ model: 'speech', voice: 'alloy', input, stream_format: 'sse' },
    });
    const text = await events.text();
    expect(text).toContain('event: speech.audio.delta');
    expect(text.trimEnd()).toMatch(/"type":"speech.audio.done".*\}$/);
  });

  it('writes down what it hears, in every format, and translates', async () => {
    const file = await toFile(Buffer.alloc(64_000, 3), 'speech.mp3', { type: 'audio/mpeg' });
    const { data, response } = await client.audio.transcriptions
      .create({ model: 'transcription', file })
      .withResponse();
    expect(data.text).toMatch(/\.$/);
    const row = await ledgerOf(response.headers.get('x-penstock-job'));
    expect(row).toMatchObject({ input: 40, output: Math.ceil(data.text.length / 4) });
    const verbose = await client.audio.transcriptions.create({
      ...{ model: 'transcription', file, response_format: 'verbose_json' },
    });
    expect(verbose).toMatchObject({ text: data.text, duration: 4 });
    const srt = await client.audio.transcriptions.create({
      model: 'transcription',
      file,
      response_format: 'srt',
    });
    expect(srt).toContain('00:00:00,000 --> 00:00:04,000');
    const stream = await client.audio.transcriptions.create({ model: 'transcription', file, stream: true });
    let heard = '';
    for await (const event of stream) if (event.type === 'transcript.text.delta') heard += event.delta;
    expect(heard).toBe(data.text);
    expect((await client.audio.translations.create({ model: 'transcription', file })).text).toBeTruthy();
  });

  it('says so where no provider of the model speaks the API', async () => {
    await expect(client.images.generate({ model: 'elsewhere', prompt: 'a mill' })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('can only be served by a provider that speaks it') as string,
    });
  });

  it('names the field at fault', async () => {
    const file = await toFile(Buffer.alloc(10), 'a.mp3');
    await expect(client.audio.transcriptions.create({ model: 'nope', file })).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(client.images.generate({ model: 'image', prompt: '' })).rejects.toMatchObject({
      status: 400,
      param: 'prompt',
    });
    const form = new FormData();
    form.set('model', 'transcription');
    const answer = await fetch(`${stack.url}/v1/audio/transcriptions`, {
      ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${stack.keys.acme}` } },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: 'file', type: 'invalid_request_error' } });
  });
});

function pngSize(base64: string | undefined): [number, number] {
  const png = Buffer.from(base64 ?? '', 'base64');
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
