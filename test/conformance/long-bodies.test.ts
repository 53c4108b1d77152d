import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../stack/start-stack.js';

/** What is too long for a message, both ways. */
describe('long bodies and answers', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [modelOf('sim-small'), modelOf('sim-long', 'chat', { contextTokens: 10_000_000 })],
      deployments: [
        ...STACK_DEPLOYMENTS,
        {
          id: 'simulator/long',
          provider: 'simulator',
          upstreamModel: 'sim-long',
          price: { input: 1, output: 1 },
          limits: { concurrency: 4 },
        },
      ],
      models: [
        ...STACK_MODELS,
        { name: 'long', deployments: ['simulator/long'], maxOutputTokens: 1_000_000 },
      ],
    });
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  it('takes bodies and gives answers that are longer than a message', async () => {
    const river = 'the river is high and it is rising '.repeat(60_000);
    const messages = [
      { role: 'user' as const, content: river },
      { role: 'user' as const, content: '[[say: ok]]' },
    ];
    const answer = await client.chat.completions.create({ model: 'long', messages });
    expect(answer.choices[0]?.message.content).toBe('ok');

    const echo = [{ role: 'user' as const, content: `[[say: ${river}]]` }];
    const long = await client.chat.completions.create({
      model: 'long',
      messages: echo,
      max_tokens: 1_000_000,
    });
    expect(long.choices[0]?.message.content).toHaveLength(river.length - 1);

    const created = await client.responses.create({
      model: 'long',
      input: `[[say: ${river}]]`,
      max_output_tokens: 1_000_000,
      background: true,
    });
    const kept = await eventually(
      async () => {
        const response = await client.responses.retrieve(created.id);
        return response.status === 'completed' ? response : undefined;
      },
      { timeoutMs: 20_000, what: 'the long response' },
    );
    expect(kept.output_text).toHaveLength(river.length - 1);
    // Of all that was put aside, the kept answer alone is still there.
    const objects = async (bucket: string) => {
      const { state } = await stack.connection.jsm.streams.info(`OBJ_${bucket}`, {
        subjects_filter: `$O.${bucket}.C.>`,
      });
      return Object.keys(state.subjects ?? {}).length;
    };
    await eventually(async () => (await objects('payloads')) === 0 && (await objects('answers')) === 1);
  });
});
