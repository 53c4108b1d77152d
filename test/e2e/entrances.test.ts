import OpenAI from 'openai';
import { connect } from 'nats';
import { jetstream } from '@nats-io/jetstream';
import { decodeFrame, findOutcome, type Frame } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { startStack, type Stack } from '../stack/start-stack.js';

describe('the three entrances', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack()));
  afterAll(() => stack.close());

  const client = () => new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Say something short.' }];
  const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${stack.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        ...init.headers,
      },
    });

  it('answers a sync call with the bytes of the provider', async () => {
    const answer = await client().chat.completions.create({ model: 'small', messages });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('streams', async () => {
    const stream = await client().chat.completions.create({ model: 'small', messages, stream: true });
    let text = '';
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    expect(text).toBeTruthy();
    expect(finish).toBe('stop');
  });

  it('takes a job, and gives its result when asked', async () => {
    const accepted = await call('/v1/jobs', {
      method: 'POST',
      body: JSON.stringify({ model: 'small', messages }),
    });
    expect(accepted.status).toBe(202);
    const { id } = (await accepted.json()) as { id: string };
    const view = await (await call(`/v1/jobs/${id}?wait=10s`)).json();
    expect(view).toMatchObject({ id, state: 'succeeded', class: 'standard', model: 'small', attempts: 1 });
    const result = await call(`/v1/jobs/${id}/result`);
    expect(result.status).toBe(200);
    expect(await result.json()).toMatchObject({ object: 'chat.completion' });
  });

  it('takes a job from a subject, and sends chunks and outcome to the reply subject', async () => {
    const nc = await connect({ servers: stack.natsUrl });
    const inbox = `replies.acme.${Date.now()}`;
    const frames: Frame[] = [];
    nc.subscribe(inbox, {
      callback: (_, message) => {
        const frame = decodeFrame(message);
        if (frame) frames.push(frame);
      },
    });
    const js = jetstream(nc);
    const { headers } = await import('nats');
    const h = headers();
    h.set('Penstock-Reply-To', inbox);
    await js.publish('jobs.standard.acme', JSON.stringify({ model: 'small', messages, stream: true }), {
      msgID: 'order-17',
      headers: h,
    });
    const last = await eventually(() => frames.find((frame) => frame.kind === 'outcome'));
    expect(last).toMatchObject({ kind: 'outcome', answer: { outcome: 'succeeded', status: 200 } });
    expect(frames.map((frame) => frame.sequence)).toEqual(frames.map((_, i) => i));
    expect(await findOutcome(stack.connection, 'acme', 'order-17')).toMatchObject({ kind: 'result' });
    expect(await (await call('/v1/jobs/order-17')).json()).toMatchObject({ state: 'succeeded' });

    await js.publish('jobs.batch.acme', 'this is not JSON', { msgID: 'broken-1' });
    const broken = await eventually(async () => {
      const found = await findOutcome(stack.connection, 'acme', 'broken-1');
      return found.kind === 'result' ? found.answer : undefined;
    });
    expect(broken).toMatchObject({ outcome: 'failed', status: 400, errorCode: 'malformed_json' });
    await nc.close();
  });

  it('bills every attempt once, as the simulator counts it', async () => {
    const calls = stack.simulator.simulation.ledger
      .read({}, 0, 1_000)
      .entries.map(({ attempt, inputTokens, outputTokens }) => ({ attempt, inputTokens, outputTokens }));
    expect(calls).toHaveLength(4);
    const billed = await eventually(async () => {
      const { rows } = await stack.database.query<{
        attempt: string;
        inputTokens: number;
        outputTokens: number;
      }>(
        `SELECT attempt_id AS attempt, input_tokens::int AS "inputTokens", output_tokens::int AS "outputTokens" FROM ledger`,
      );
      return rows.length >= calls.length ? rows : undefined;
    });
    const byAttempt = (a: { attempt: string }, b: { attempt: string }) => a.attempt.localeCompare(b.attempt);
    expect([...billed].sort(byAttempt)).toEqual([...calls].sort(byAttempt));
  });
});
