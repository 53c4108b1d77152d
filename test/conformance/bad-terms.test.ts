import { HEADER, SUBJECT, type ErrorCode } from '@penstock/contracts';
import { findOutcome } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { headers } from 'nats';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

interface Term {
  readonly name: string;
  readonly body?: object;
  readonly deadline?: string;
  readonly routing?: object;
  readonly status: number;
  readonly code: ErrorCode;
  /** The field at fault. Where it is a header, as it is called over HTTP and in a publish. */
  readonly param: string | readonly [http: string, publish: string];
}

const DEADLINE = ['x-penstock-deadline', HEADER.deadline] as const;
const invalid = { status: 400, code: 'invalid_request' } as const;
const cannot = { status: 422, code: 'unprocessable' } as const;

/** What may be wrong with when and where a job is to run. A line of a batch has a body and no headers. */
const IN_BODY: readonly Term[] = [
  { name: 'a provider of the wrong type', body: { provider: 'simulator' }, ...invalid, param: 'provider' },
  { name: 'a negative weight', body: { provider: { weight: -1 } }, ...invalid, param: 'provider.weight' },
  {
    name: 'a negative price',
    body: { provider: { max_price: { prompt: -1 } } },
    ...invalid,
    param: 'provider.max_price.prompt',
  },
  {
    name: 'a negative throughput',
    body: { provider: { preferred_min_throughput: -5 } },
    ...invalid,
    param: 'provider.preferred_min_throughput',
  },
  {
    name: 'a hedge that is neither wanted nor unwanted',
    body: { provider: { hedge: 'p95' } },
    ...invalid,
    param: 'provider.hedge',
  },
  {
    name: 'a hedge in the past',
    body: { provider: { hedge: { after_ms: -1 } } },
    ...invalid,
    param: 'provider.hedge.after_ms',
  },
  {
    name: 'a hedge where there is none',
    body: { provider: { hedge: true } },
    ...cannot,
    param: 'provider.hedge',
  },
  {
    name: 'an unknown deployment',
    body: { provider: { order: ['simulator/small', 'nowhere'] } },
    ...invalid,
    param: 'provider.order[1]',
  },
  {
    name: 'one that is both wanted and not',
    body: { provider: { only: ['simulator/small'], ignore: ['simulator/small'] } },
    ...cannot,
    param: 'provider.only[0]',
  },
  {
    name: 'an order beside what is allowed',
    body: { provider: { only: ['simulator/small'], order: ['simulator/flaky'] } },
    ...cannot,
    param: 'provider.order[0]',
  },
];

const IN_HEADERS: readonly Term[] = [
  { name: 'an unknown strategy', routing: { strategy: 'luck' }, ...invalid, param: 'strategy' },
  { name: 'a deadline that is none', deadline: 'soon', ...invalid, param: DEADLINE },
  {
    name: 'a deadline in the past',
    deadline: '2001-01-01T00:00:00Z',
    status: 400,
    code: 'deadline_in_the_past',
    param: DEADLINE,
  },
  { name: 'a deadline that cannot be met', deadline: '200ms', ...cannot, param: DEADLINE },
];

describe('bad terms', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-small', 'chat', { latency: { firstTokenMs: 600 } }),
        modelOf('sim-flaky'),
        modelOf('sim-embedding', 'embedding'),
      ],
      deployments: STACK_DEPLOYMENTS,
      models: STACK_MODELS,
    });
    // Without it nothing is known of how fast it can be, and no deadline is refused on a guess.
    expect((await post('/v1/chat/completions', {})).status).toBe(200);
    await eventually(async () => (await tried('200ms')) === 422, { what: 'knowledge of the call' });
  });
  afterAll(() => stack.close());

  const asked = (body: object) =>
    JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }], ...body });
  const post = (path: string, { body = {}, deadline, routing }: Partial<Term>) =>
    fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        ...(deadline !== undefined && { 'x-penstock-deadline': deadline }),
        ...(routing && { 'x-penstock-routing': JSON.stringify(routing) }),
      },
      body: asked(body),
    });
  const tried = async (deadline: string) => (await post('/v1/chat/completions', { deadline })).status;
  const of = (param: Term['param'], at: 0 | 1) => (typeof param === 'string' ? param : param[at]);

  describe.each([...IN_BODY, ...IN_HEADERS])('$name', (term) => {
    it.each(['/v1/chat/completions', '/v1/jobs'])('is refused at %s, by its field', async (path) => {
      const answer = await post(path, term);
      expect({ status: answer.status, body: await answer.json() }).toMatchObject({
        status: term.status,
        body: {
          error: { code: term.code, param: of(term.param, 0), message: expect.stringMatching(/\w{4}.*\./) },
        },
      });
    });

    it('is refused of a publish, by its field', async () => {
      const { name, body = {}, deadline, routing } = term;
      const id = name.replaceAll(' ', '-');
      const h = headers();
      h.set(HEADER.messageId, id);
      // A publish lies there before it is read: its deadline is an instant and never a duration.
      const duration = /^(\d+)ms$/.exec(deadline ?? '');
      const instant = duration ? String(Date.now() + Number(duration[1])) : deadline;
      if (instant !== undefined) h.set(HEADER.deadline, instant);
      if (routing) h.set(HEADER.routing, JSON.stringify(routing));
      const lane = SUBJECT.lane({ class: 'standard', tenant: 'acme' });
      await stack.connection.js.publish(lane, asked(body), { headers: h });
      const answer = await eventually(async () => {
        const found = await findOutcome(stack.connection, 'acme', id);
        return found.kind === 'result' && found.answer;
      });
      expect(answer).toMatchObject({ outcome: 'failed', status: term.status, errorCode: term.code });
      expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({
        error: { code: term.code, param: of(term.param, 1) },
      });
    });
  });

  it('are refused of the lines of a batch, by line and field', async () => {
    const lines = IN_BODY.map(({ body = {} }, n) =>
      JSON.stringify({
        custom_id: `line-${n}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: JSON.parse(asked(body)) as object,
      }),
    );
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([lines.join('\n')], { type: 'application/jsonl' }), 'lines.jsonl');
    const authorization = `Bearer ${stack.keys.acme}`;
    const file = await fetch(`${stack.url}/v1/files`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    const { id: fileId } = (await file.json()) as { id: string };
    const begun = await fetch(`${stack.url}/v1/batches`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        input_file_id: fileId,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      }),
    });
    const { id } = (await begun.json()) as { id: string };
    const batch = await eventually(async () => {
      const answer = await fetch(`${stack.url}/v1/batches/${id}`, { headers: { authorization } });
      const view = (await answer.json()) as { status: string; errors?: { data: object[] } };
      return view.status === 'failed' && view;
    });
    expect(batch.errors?.data).toMatchObject(
      IN_BODY.map(({ param }, n) => ({ line: n + 1, code: 'invalid_body', param: `body.${of(param, 0)}` })),
    );
  });
});
