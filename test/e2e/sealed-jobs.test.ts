import { connect, headers, type NatsConnection } from 'nats';
import { jetstream } from '@nats-io/jetstream';
import { HEADER, type Job } from '@penstock/contracts';
import { findOutcome } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** What a publisher may try who knows how Penstock writes about a job. */
const forged = {
  origin: 'http',
  api: 'openai.chat',
  model: 'small',
  stream: false,
  estimatedInputTokens: 1,
  estimatedOutputTokens: 1,
  acceptedAtMs: 1,
  keepResult: false,
  keyName: 'other',
  labels: { user: 'somebody else' },
  attempts: Array.from({ length: 9 }, (_, i) => ({
    id: `att_${i}`,
    number: i + 1,
    deployment: 'simulator/small',
    provider: 'simulator',
    upstreamModel: 'sim-small',
    worker: 'w',
    startedAtMs: 1,
    endedAtMs: 2,
    failure: { reason: 'provider_error', message: '' },
  })),
};

describe('jobs in a lane', () => {
  let stack: Stack;
  let nc: NatsConnection;
  beforeAll(async () => {
    stack = await startStack();
    nc = await connect({ servers: stack.natsUrl });
  });
  afterAll(async () => {
    await nc.close();
    await stack.close();
  });

  const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Say something.' }] });
  const publish = async (lane: string, id: string, job: string) => {
    const h = headers();
    h.set(HEADER.job, job);
    await jetstream(nc).publish(lane, body, { msgID: id, headers: h });
  };
  const eventOf = (tenant: string, id: string) =>
    eventually(async () => {
      const found = await findOutcome(stack.connection, tenant, id);
      return found.kind === 'none' ? undefined : found.event;
    });

  it('have no more key, attempts or labels than their publisher may give them', async () => {
    await publish('jobs.standard.acme', 'forged-1', JSON.stringify({ ...forged, id: 'forged-1' }));
    const event = await eventOf('acme', 'forged-1');
    expect(event).toMatchObject({
      class: 'standard',
      origin: 'subject',
      attempt: { number: 1 },
      outcome: { state: 'succeeded', attempts: 1 },
    });
    expect(event.keyName).toBeUndefined();
    expect(event.acceptedAtMs).toBeGreaterThan(1);
  });

  it('are run whatever a publisher writes into the header that is not his', async () => {
    await publish('jobs.standard.acme', 'forged-2', 'no JSON');
    expect((await eventOf('acme', 'forged-2')).outcome).toMatchObject({ state: 'succeeded' });
  });

  it('that were stored before there were seals are run under their ids', async () => {
    await publish(
      'jobs.batch.acme',
      'batch_1.7~2',
      JSON.stringify({ ...forged, id: 'batch_1.7', attempts: [] }),
    );
    expect((await eventOf('acme', 'batch_1.7')).outcome).toMatchObject({ state: 'succeeded' });
  });

  it('are admitted anew in a lane they were copied to', async () => {
    const sealed = new Promise<string>((resolve) => {
      nc.subscribe('bell.jobs.standard.acme', {
        max: 1,
        callback: (_, message) => resolve(message.headers?.get(HEADER.job) ?? ''),
      });
    });
    await nc.flush();
    const accepted = await postToStack(stack, { path: '/v1/jobs', body: JSON.parse(body) });
    expect(accepted.status).toBe(202);
    const header = await sealed;
    const { id, keyName } = JSON.parse(header.slice(header.indexOf('{'))) as Job;
    expect(keyName).toBe('default');
    expect((await eventOf('acme', id)).keyName).toBe('default');

    await publish('jobs.standard.globex', 'copied-1', header);
    const copied = await eventOf('globex', 'copied-1');
    expect(copied.keyName).toBeUndefined();
    expect(copied.origin).toBe('subject');
    await publish('jobs.interactive.acme', 'copied-2', header);
    expect((await eventOf('acme', 'copied-2')).keyName).toBeUndefined();
  });
});
