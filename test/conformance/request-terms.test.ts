import { eventually } from '@penstock/testing';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider } from '@penstock/providers';
import { systemClock } from '@penstock/resilience';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

/** What a client says of a call beside its question: how urgent it is, whom it is for, what must not be left out. */
describe('the terms of a request', () => {
  let stack: Stack;
  let openai: OpenAI;
  let anthropic: Anthropic;
  beforeAll(async () => {
    stack = await startStack({
      deployments: [
        ...STACK_DEPLOYMENTS,
        ...['claude', 'llama'].map((provider) => ({
          ...{ id: `${provider}/small`, provider, upstreamModel: 'sim-small' },
          ...{ price: { input: 1, output: 1 }, limits: { concurrency: 8 } },
        })),
      ],
      models: [
        ...STACK_MODELS,
        ...['claude', 'llama'].map((name) => ({
          ...{ name, deployments: [`${name}/small`], maxOutputTokens: 4_096 },
        })),
      ],
      providers: {
        simulator: { adapter: 'openai', path: '/v1' },
        claude: { adapter: 'anthropic', path: '/v1' },
        llama: { adapter: 'together', path: '/v1' },
      },
    });
    anthropic = new Anthropic({ baseURL: stack.url, apiKey: stack.keys.acme, maxRetries: 0 });
    openai = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const messages = [{ role: 'user' as const, content: 'Name a river.' }];

  interface Row {
    readonly class: string;
    readonly end_user: string | null;
    readonly metadata: string | null;
  }

  const ledgerOf = (job: string | null) =>
    eventually(async () => {
      const { rows } = await stack.database.query<Row>(
        'SELECT class, end_user, metadata FROM ledger WHERE job = $1',
        [job],
      );
      return rows[0];
    });

  const classOf = async (more: object, headers: Record<string, string> = {}) => {
    const { response } = await openai.chat.completions
      .create({ model: 'small', messages, ...more }, { headers })
      .withResponse();
    return (await ledgerOf(response.headers.get('x-penstock-job'))).class;
  };

  it('puts a service tier into its class, unless a header names one', async () => {
    expect(await classOf({ service_tier: 'flex' })).toBe('batch');
    expect(await classOf({ service_tier: 'priority' })).toBe('interactive');
    expect(await classOf({ service_tier: 'flex' }, { 'x-penstock-class': 'standard' })).toBe('standard');
    expect(await classOf({ service_tier: 'auto' })).toBe('interactive');
  });

  it('keeps whom it is for and its metadata with the cost', async () => {
    const { response } = await openai.chat.completions
      .create({ model: 'small', messages, user: 'user-7', metadata: { run: 'nightly' }, store: true })
      .withResponse();
    const job = response.headers.get('x-penstock-job');
    const row = await ledgerOf(job);
    expect([row.end_user, JSON.parse(row.metadata ?? 'null')]).toEqual(['user-7', { run: 'nightly' }]);
    const shown = await fetch(`${stack.url}/v1/generation?id=${job}`, {
      headers: { authorization: `Bearer ${stack.keys.acme}` },
    });
    expect(await shown.json()).toMatchObject({ data: { external_user: 'user-7' } });

    const asked = await anthropic.messages
      .create({ model: 'small', max_tokens: 16, messages, metadata: { user_id: 'user-8' } })
      .withResponse();
    expect(await ledgerOf(asked.response.headers.get('x-penstock-job'))).toMatchObject({
      end_user: 'user-8',
    });
  });

  it('names what another dialect has no like of, and leaves nothing out where all is required', async () => {
    const asked = { model: 'claude', messages, logit_bias: { '50256': -100 }, max_tokens: 16 };
    const { response } = await openai.chat.completions.create(asked).withResponse();
    expect(response.headers.get('x-penstock-dropped')).toBe('logit_bias');
    const strict = { ...asked, provider: { require_parameters: true } };
    await expect(openai.chat.completions.create(strict)).rejects.toMatchObject({
      status: 422,
      param: 'logit_bias',
      message: expect.stringContaining('require_parameters') as string,
    });
    // What the package for a provider leaves out is told as well, by the name that the client has for it.
    const schema = { type: 'object', properties: {} };
    const format = { type: 'json_schema' as const, name: 'any', schema };
    const loose = await openai.responses
      .create({ model: 'llama', input: 'x', text: { format } })
      .withResponse();
    expect(loose.response.headers.get('x-penstock-dropped')).toBe('text.format');
    const message = { model: 'llama', max_tokens: 16, messages };
    const plain = await anthropic.messages
      .create({ ...message, output_config: { format: { type: 'json_schema', schema } } })
      .withResponse();
    expect(plain.response.headers.get('x-penstock-dropped')).toBe('output_config.format');

    // What is on record of it is what its caller was told.
    const refused = await openai.chat.completions.create(strict).catch((error: unknown) => error);
    if (!(refused instanceof OpenAI.APIError)) throw new Error('It was not refused.');
    expect(refused.code).toBe('unprocessable');
    const outcome = await eventually(async () => {
      const { rows } = await stack.database.query<{ code: string }>(
        'SELECT error_code AS code FROM job_outcome WHERE job = $1',
        [refused.headers?.get('x-penstock-job')],
      );
      return rows[0];
    });
    expect(outcome.code).toBe(refused.code);
    const spoken = await openai.chat.completions.create({ ...strict, model: 'small' }).withResponse();
    expect(spoken.response.headers.get('x-penstock-dropped')).toBeNull();
  });
});

describe("a client's own switches", () => {
  it('reach a provider of its dialect, beside those of the configuration', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = {
      name: 'p',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      headers: { 'anthropic-beta': 'own-1' },
    };
    const provider = createProvider({ ...settings, adapter: 'anthropic' }, systemClock);
    await provider.call({
      api: 'anthropic.messages',
      body: Buffer.from('{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}]}'),
      stream: false,
      upstreamModel: 'm',
      attemptId: 'a',
      signal: new AbortController().signal,
      firstByteTimeoutMs: 5_000,
      idleTimeoutMs: 5_000,
      clientHeaders: { 'anthropic-beta': 'tools-2', 'openai-beta': 'x' },
    });
    await provider.close();
    server.close();
    expect(seen[0]).toMatchObject({ 'anthropic-beta': 'own-1,tools-2', 'openai-beta': 'x' });
  });
});
