import { connect, headers, type NatsConnection } from 'nats';
import { jetstream } from '@nats-io/jetstream';
import { HEADER } from '@penstock/contracts';
import { decodeFrame, findOutcome, type Frame } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { postToStack } from '../stack/post-to-stack.js';
import { STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../stack/start-stack.js';

describe('of a tenant of which nothing may be kept', () => {
  let stack: Stack;
  let nc: NatsConnection;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-small', 'chat', { contextTokens: 10_000_000 }),
        modelOf('sim-flaky', 'chat', { faults: [{ rate: 1, fault: { kind: 'status', status: 500 } }] }),
      ],
      models: [...STACK_MODELS, { name: 'dead', deployments: ['simulator/flaky'], maxOutputTokens: 256 }],
      tenants: [
        { id: 'acme', weight: 1, data: { zeroRetention: true } },
        { id: 'globex', weight: 1 },
      ],
      deployments: STACK_DEPLOYMENTS.map((deployment) => ({ ...deployment, terms: { keepsNothing: true } })),
    });
    nc = await connect({ servers: stack.natsUrl });
  });
  afterAll(async () => {
    await nc.close();
    await stack.close();
  });

  const chat = (content: string, more: object = {}) => ({
    model: 'small',
    messages: [{ role: 'user', content }],
    ...more,
  });
  /** How many messages of the tenant a stream holds, or of anybody where its subjects do not say. */
  const held = async (stream: string, subject: string) => {
    const names: string[] = [];
    for await (const name of stack.connection.jsm.streams.names()) names.push(name);
    if (!names.includes(stream)) return 0;
    const { state } = await stack.connection.jsm.streams.info(stream, { subjects_filter: subject });
    return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  };

  it.each([
    ['a batch', '/v1/batches', { input_file_id: 'file_1', endpoint: '/v1/chat/completions' }],
    ['a message batch', '/v1/messages/batches', { requests: [] }],
    ['a response in the background', '/v1/responses', { model: 'small', input: 'x', background: true }],
    ['a job that nobody waits for', '/v1/jobs', chat('x')],
  ])('%s is refused', async (_, path, body) => {
    const answer = await postToStack(stack, { path, body });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await answer.json())).toContain('zeroRetention');
  });

  it('a file is refused before it is stored', async () => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob(['{}']), 'in.jsonl');
    const answer = await fetch(`${stack.url}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}` },
      body: form,
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { code: 'retention_required' } });
  });

  it('a published job is answered where it says, and refused if it says nothing', async () => {
    const frames: Frame[] = [];
    const inbox = 'replies.acme.zero';
    nc.subscribe(inbox, {
      callback: (_, message) => {
        const frame = decodeFrame(message);
        if (frame) frames.push(frame);
      },
    });
    const h = headers();
    h.set(HEADER.replyTo, inbox);
    const js = jetstream(nc);
    const body = JSON.stringify(chat('Between us.'));
    await js.publish('jobs.standard.acme', body, { msgID: 'told', headers: h });
    const last = await eventually(() => frames.find(({ kind }) => kind === 'outcome'));
    expect(last).toMatchObject({ answer: { outcome: 'succeeded', status: 200 } });

    await js.publish('jobs.standard.acme', body, { msgID: 'untold' });
    const found = await eventually(async () => {
      const outcome = await findOutcome(stack.connection, 'acme', 'untold');
      return outcome.kind === 'none' ? undefined : outcome;
    });
    expect(found).toMatchObject({
      kind: 'event',
      event: { outcome: { state: 'failed', errorCode: 'retention_required' } },
    });
  });

  it('nothing is left of calls of all kinds once they are answered', async () => {
    const keyed = { 'idempotency-key': 'once' };
    const resumable = { 'x-penstock-resumable': 'true' };
    const long = 'word '.repeat(300_000);
    for (const request of [
      { body: chat('Plain.') },
      { body: chat('Keyed.'), headers: keyed },
      { body: chat('Streamed.', { stream: true }), headers: resumable },
      { body: chat('Cached.'), headers: { 'x-penstock-cache': '1h' } },
      { body: chat(`${long} [[say: Long.]]`) },
      { body: chat('[[tokens: 400000]] At length.'), headers: { 'idempotency-key': 'long' } },
      { path: '/v1/responses', body: { model: 'small', input: 'Kept?', store: true } },
    ]) {
      const answer = await postToStack(stack, request);
      expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
    }
    const dead = await postToStack(stack, { body: { ...chat('Dead.'), model: 'dead' } });
    expect(dead.status).toBe(502);
    expect(await dead.json()).toMatchObject({ error: { code: 'provider_error' } });

    for (const [stream, subject] of [
      ['RESULTS', 'results.acme.>'],
      ['CACHE', 'cached.acme.>'],
      ['RECORDINGS', 'recorded.acme.>'],
      ['DEAD_LETTERS', 'dead.acme.>'],
      ['DELAYED', 'delayed.>'],
      ['LANES', 'jobs.*.acme'],
      ['LANES_INTERACTIVE', 'jobs.*.acme'],
      // The bytes of what lies in buckets: nobody else has put anything there.
      ['OBJ_payloads', '$O.payloads.C.>'],
      ['OBJ_answers', '$O.answers.C.>'],
      ['OBJ_responses', '$O.responses.C.>'],
      ['OBJ_files', '$O.files.C.>'],
    ] as const) {
      await eventually(async () => (await held(stream, subject)) === 0).catch(() => undefined);
      expect([stream, await held(stream, subject)]).toEqual([stream, 0]);
    }
  });

  it('nothing of the requests is in events', async () => {
    const { state } = await stack.connection.jsm.streams.info('EVENTS');
    for (let sequence = 1; sequence <= state.last_seq; sequence++) {
      const message = await stack.connection.jsm.direct.getMessage('EVENTS', { seq: sequence });
      expect(Buffer.from(message?.data ?? '').toString()).not.toMatch(/Between us|Plain|Keyed|Streamed/);
    }
  });
});
