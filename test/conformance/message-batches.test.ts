import Anthropic from '@anthropic-ai/sdk';
import { eventually } from '@penstock/testing';
import { DEFAULT_MODELS } from '../../services/simulator/src/models/default-models.js';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

/** Anthropic's Message Batches with Anthropic's own client, on the batch service and an OpenAI provider. */
describe('message batches', () => {
  let stack: Stack;
  let client: Anthropic;
  beforeAll(async () => {
    const slow = { id: 'simulator/slow', provider: 'simulator', upstreamModel: 'sim-slow' };
    stack = await startStack({
      simulated: [...DEFAULT_MODELS, modelOf('sim-slow', 'chat', { latency: { firstTokenMs: 600_000 } })],
      deployments: [
        ...STACK_DEPLOYMENTS,
        { ...slow, price: { input: 1, output: 1 }, limits: { concurrency: 2 } },
      ],
      models: [...STACK_MODELS, { name: 'slow', deployments: ['simulator/slow'], maxOutputTokens: 64 }],
    });
    client = new Anthropic({ baseURL: stack.url, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const asking = (custom_id: string, content: string, model = 'small') => ({
    custom_id,
    params: { model, max_tokens: 64, messages: [{ role: 'user' as const, content }] },
  });

  const ended = (id: string) =>
    eventually(
      async () => {
        const batch = await client.messages.batches.retrieve(id);
        return batch.processing_status === 'ended' ? batch : undefined;
      },
      { timeoutMs: 30_000, what: 'the end of the batch' },
    );

  const resultsOf = async (id: string) => {
    const results = new Map<string, Anthropic.Messages.MessageBatchResult>();
    for await (const { custom_id, result } of await client.messages.batches.results(id))
      results.set(custom_id, result);
    return results;
  };

  it('answers every request, and is deleted with all it had', async () => {
    const requests = [
      asking('one', '[[say: the river is high]]'),
      asking('two', '[[say: the gate is open]]'),
      // Refused by the provider, once asked: the batch goes on.
      { ...asking('three', 'x'), params: { ...asking('three', 'x'.repeat(600_000)).params } },
    ];
    const created = await client.messages.batches.create({ requests });
    expect(created).toMatchObject({
      id: expect.stringMatching(/^msgbatch_/) as string,
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 3, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      results_url: null,
    });
    const batch = await ended(created.id);
    expect(batch.request_counts).toEqual({
      processing: 0,
      succeeded: 2,
      errored: 1,
      canceled: 0,
      expired: 0,
    });
    expect(Date.parse(batch.ended_at ?? '')).toBeGreaterThanOrEqual(Date.parse(batch.created_at));

    const results = await resultsOf(batch.id);
    expect(results.get('one')).toMatchObject({
      type: 'succeeded',
      message: { type: 'message', model: 'small', content: [{ type: 'text', text: 'the river is high' }] },
    });
    expect(results.get('two')).toMatchObject({ message: { content: [{ text: 'the gate is open' }] } });
    expect(results.get('three')).toMatchObject({
      type: 'errored',
      error: { type: 'error', error: { type: 'invalid_request_error' } },
    });

    expect(await client.messages.batches.delete(batch.id)).toEqual({
      id: batch.id,
      type: 'message_batch_deleted',
    });
    await expect(client.messages.batches.retrieve(batch.id)).rejects.toThrow(Anthropic.NotFoundError);
    const files = await fetch(`${stack.url}/v1/files`, {
      headers: { authorization: `Bearer ${stack.keys.acme}` },
    });
    expect(await files.json()).toMatchObject({ data: [] });
  });

  it('is cancelled, says which requests were not answered, and cannot be deleted before', async () => {
    const { id } = await client.messages.batches.create({
      requests: [
        asking('quick', '[[say: done]]'),
        ...['a', 'b', 'c'].map((name) => asking(name, 'x', 'slow')),
      ],
    });
    await expect(client.messages.batches.delete(id)).rejects.toMatchObject({ status: 422 });
    await expect(client.messages.batches.results(id)).rejects.toThrow(/No batch `results_url`/);
    const cancelling = await client.messages.batches.cancel(id);
    expect(['canceling', 'ended']).toContain(cancelling.processing_status);
    const batch = await ended(id);
    expect(batch.cancel_initiated_at).not.toBeNull();
    const { succeeded, canceled, ...others } = batch.request_counts;
    expect(succeeded + canceled).toBe(4);
    expect(canceled).toBeGreaterThanOrEqual(3);
    expect(others).toEqual({ processing: 0, errored: 0, expired: 0 });
    expect((await resultsOf(id)).get('a')).toEqual({ type: 'canceled' });
  });

  it('is listed newest first, page by page and both ways', async () => {
    const made: string[] = [];
    for (const name of ['a', 'b', 'c'])
      made.unshift((await client.messages.batches.create({ requests: [asking(name, 'x')] })).id);
    const all: string[] = [];
    for await (const { id } of client.messages.batches.list({ limit: 2 })) all.push(id);
    expect(all.slice(0, 3)).toEqual(made);
    const newer = await client.messages.batches.list({ before_id: made[2] ?? '', limit: 2 });
    expect(newer.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    expect(newer.has_more).toBe(false);
    const others = new Anthropic({ baseURL: stack.url, apiKey: stack.keys.globex, maxRetries: 0 });
    expect((await others.messages.batches.list()).data).toEqual([]);
  });

  it.each([
    ['no request', [], 'requests'],
    ['the same id twice', [asking('a', 'x'), asking('a', 'y')], 'requests[1].custom_id'],
    ['an id of other letters', [asking('a b', 'x')], 'requests[0].custom_id'],
    [
      'a message that is none',
      [asking('a', 'x'), { custom_id: 'b', params: { model: 'small', messages: [] } }],
      'requests[1].params',
    ],
    ['a model that is none', [asking('a', 'x', 'nope')], 'requests[0].params'],
    ['a stream', [{ ...asking('a', 'x'), params: { ...asking('a', 'x').params, stream: true } }], 'stream'],
  ])('is refused whole for %s, with the place', async (_, requests, place) => {
    const making = client.messages.batches.create({ requests } as Anthropic.Messages.BatchCreateParams);
    await expect(making).rejects.toMatchObject({
      error: { type: 'error', error: { message: expect.stringContaining(place) as string } },
    });
  });

  it('is unknown to others, and nothing but a message batch', async () => {
    const others = new Anthropic({ baseURL: stack.url, apiKey: stack.keys.globex, maxRetries: 0 });
    const { id } = await client.messages.batches.create({ requests: [asking('a', 'x')] });
    await expect(others.messages.batches.retrieve(id)).rejects.toThrow(Anthropic.NotFoundError);
    await expect(client.messages.batches.retrieve('msgbatch_none')).rejects.toThrow(Anthropic.NotFoundError);
  });
});
