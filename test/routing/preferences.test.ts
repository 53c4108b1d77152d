import { HEADER, SUBJECT } from '@penstock/contracts';
import { findOutcome } from '@penstock/messaging';
import type { DeploymentProfile, RoutedModel } from '@penstock/scheduling';
import { eventually } from '@penstock/testing';
import { headers } from 'nats';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const deployment = (id: string, name: string, more: Partial<DeploymentProfile> = {}): DeploymentProfile => ({
  id,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 1 },
  limits: { concurrency: 64 },
  ...more,
});

const model = (name: string, deployments: string[], more: Partial<RoutedModel> = {}): RoutedModel => ({
  name,
  deployments,
  maxOutputTokens: 256,
  ...more,
});

describe('what a request says of where it runs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-eu'),
        modelOf('sim-us'),
        modelOf('sim-big'),
        modelOf('sim-tiny', 'chat', { contextTokens: 20 }),
        modelOf('sim-broken', 'chat', { faults: [{ rate: 1, fault: { kind: 'status', status: 500 } }] }),
      ],
      deployments: [
        deployment('sim/eu', 'eu', {
          price: { input: 5, output: 5 },
          region: 'eu',
          quantization: 'fp8',
          terms: { keepsNothing: true },
          capabilities: { tools: false },
        }),
        deployment('sim/us', 'us', {
          region: 'us',
          capabilities: { parameters: ['temperature', 'max_tokens', 'tools'] },
        }),
        deployment('sim/big', 'big', { contextTokens: 100_000 }),
        deployment('sim/tiny', 'tiny'),
        deployment('sim/broken', 'broken'),
      ],
      models: [
        model('both', ['sim/eu', 'sim/us']),
        model('big', ['sim/big']),
        model('tiny', ['sim/tiny']),
        model('broken', ['sim/broken']),
        model('guarded', ['sim/broken'], { fallbacks: ['big'] }),
      ],
      tenants: [
        { id: 'acme', weight: 1 },
        { id: 'globex', weight: 1, data: { regions: ['eu'] } },
      ],
    });
  });
  afterAll(() => stack.close());

  const messages = [{ role: 'user', content: 'Say something.' }];
  const call = async (body: object, more: { key?: string; headers?: Record<string, string> } = {}) => {
    const answer = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${more.key ?? stack.keys.acme}`,
        'content-type': 'application/json',
        ...more.headers,
      },
      body: JSON.stringify({ messages, ...body }),
    });
    return {
      status: answer.status,
      body: (await answer.json()) as { error?: { param?: string; message: string } },
    };
  };
  const entries = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries;
  /** Which upstream models were called for it, in order. */
  const ranOn = async (...args: Parameters<typeof call>) => {
    const before = entries().length;
    expect((await call(...args)).status).toBe(200);
    return entries()
      .slice(before)
      .map((entry) => entry.model);
  };

  it.each<[string, object, string[]]>([
    ['order', { model: 'both', provider: { order: ['sim/us'] } }, ['sim-us']],
    ['only', { model: 'both', provider: { only: ['sim/us'] } }, ['sim-us']],
    ['ignore', { model: 'both', provider: { ignore: ['sim/eu'] } }, ['sim-us']],
    ['zdr', { model: 'both', provider: { zdr: true, sort: 'price' } }, ['sim-eu']],
    ['data_collection', { model: 'both', provider: { data_collection: 'deny', sort: 'price' } }, ['sim-eu']],
    ['quantizations', { model: 'both', provider: { quantizations: ['fp8'] } }, ['sim-eu']],
    ['sort', { model: 'both', provider: { sort: 'price' } }, ['sim-us']],
    ['max_price', { model: 'both', provider: { max_price: { prompt: 2 } } }, ['sim-us']],
    ['require_parameters', { model: 'both', seed: 1, provider: { require_parameters: true } }, ['sim-eu']],
    ['the variant :floor', { model: 'both:floor' }, ['sim-us']],
    [
      'tools',
      { model: 'both', tools: [{ type: 'function', function: { name: 'one', parameters: {} } }] },
      ['sim-us'],
    ],
    ['no preference', { model: 'both' }, ['sim-eu']],
  ])('honours %s', async (_name, body, expected) => {
    expect(await ranOn(body)).toEqual(expected);
  });

  it("reads the header where there is no field, and keeps a tenant's data where it may go", async () => {
    const routing = { headers: { 'x-penstock-routing': '{"strategy":"cheapest"}' } };
    expect(await ranOn({ model: 'both' }, routing)).toEqual(['sim-us']);
    expect(await ranOn({ model: 'both' }, { ...routing, key: stack.keys.globex })).toEqual(['sim-eu']);
  });

  it.each<[string, object, number, string]>([
    ['a provider of the wrong type', { model: 'both', provider: 'eu' }, 400, 'provider'],
    ['an unknown field', { model: 'both', provider: { onyl: ['sim/eu'] } }, 400, 'provider.onyl'],
    [
      'an unknown deployment',
      { model: 'both', provider: { only: ['sim/eu', 'x'] } },
      400,
      'provider.only[1]',
    ],
    ['an unknown sort', { model: 'both', provider: { sort: 'vibes' } }, 400, 'provider.sort'],
    [
      'a negative price',
      { model: 'both', provider: { max_price: { prompt: -1 } } },
      400,
      'provider.max_price.prompt',
    ],
    [
      'a contradiction',
      { model: 'both', provider: { only: ['sim/eu'], ignore: ['sim/eu'] } },
      422,
      'provider.only[0]',
    ],
    ['an unknown model to fall back to', { model: 'both', models: ['none'] }, 404, 'models[0]'],
    ['an unknown model with a variant', { model: 'none:floor' }, 404, 'model'],
    [
      'a price that nobody has',
      { model: 'both', provider: { max_price: { prompt: 0.1 } } },
      422,
      'provider.max_price',
    ],
  ])('refuses %s, naming the field', async (_name, body, status, param) => {
    const answer = await call(body);
    expect([answer.status, answer.body.error?.param]).toEqual([status, param]);
  });

  it('refuses an unknown strategy', async () => {
    const answer = await call(
      { model: 'both' },
      { headers: { 'x-penstock-routing': '{"strategy":"luck"}' } },
    );
    expect([answer.status, answer.body.error?.param]).toEqual([400, 'strategy']);
  });

  it('says which constraint removed which deployment when none is left', async () => {
    const answer = await call({ model: 'both', provider: { zdr: true, max_price: { prompt: 2 } } });
    expect(answer.status).toBe(422);
    expect(answer.body.error?.message).toBe(
      'No deployment of both is left: removed sim/eu by max_price, sim/us by zdr.',
    );
  });

  it('falls back to the next model when the first one fails, and strips what is not for the provider', async () => {
    expect(await ranOn({ model: 'broken', models: ['big'] })).toEqual(['sim-broken', 'sim-big']);
    expect(await ranOn({ model: 'guarded' })).toEqual(['sim-broken', 'sim-big']);
  });

  it('falls back when the prompt is too long for the first model', async () => {
    const long = { messages: [{ role: 'user', content: 'word '.repeat(60) }] };
    expect((await call({ model: 'tiny', ...long })).status).toBe(400);
    expect(await ranOn({ model: 'tiny', models: ['big'], ...long })).toEqual(['sim-tiny', 'sim-big']);
  });

  it('falls back while the breaker of the first model is open', async () => {
    await eventually(async () => {
      const ran = await ranOn({ model: 'broken', models: ['big'] });
      return ran.length === 1 && ran[0] === 'sim-big';
    });
  });

  it('reads the same of a published job, and answers what it may not mean', async () => {
    const publish = async (id: string, body: object, routing?: object) => {
      const h = headers();
      h.set(HEADER.messageId, id);
      if (routing) h.set(HEADER.routing, JSON.stringify(routing));
      const lane = SUBJECT.lane({ class: 'standard', tenant: 'acme' });
      await stack.connection.js.publish(lane, JSON.stringify({ messages, ...body }), { headers: h });
      return eventually(async () => {
        const found = await findOutcome(stack.connection, 'acme', id);
        return found.kind === 'result' && found;
      });
    };
    const before = entries().length;
    expect(await publish('one', { model: 'both' }, { provider: { order: ['sim/us'] } })).toMatchObject({
      answer: { status: 200 },
    });
    expect(await publish('two', { model: 'both', provider: { only: ['sim/us'] } })).toMatchObject({
      answer: { status: 200 },
    });
    expect(
      entries()
        .slice(before)
        .map((entry) => entry.model),
    ).toEqual(['sim-us', 'sim-us']);
    const refused = await publish('three', { model: 'both' }, { provider: { only: ['nowhere'] } });
    expect(refused.answer.status).toBe(400);
    expect(Buffer.from(refused.answer.body).toString()).toContain('provider.only[0]');
  });
});
