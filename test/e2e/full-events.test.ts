import { connect, type NatsConnection } from 'nats';
import { jetstream } from '@nats-io/jetstream';
import { STREAM } from '@penstock/contracts';
import { findOutcome, laneDepth } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const ROOM_BYTES = 1_000_000;

describe('when EVENTS is nearly full', () => {
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

  const body = { model: 'small', messages: [{ role: 'user', content: 'Say something.' }] };
  const limitTo = async (maxBytes: number) => {
    const { config } = await stack.connection.jsm.streams.info(STREAM.events);
    await stack.connection.jsm.streams.update(STREAM.events, { ...config, max_bytes: maxBytes });
  };
  const firstSequence = async () => (await stack.connection.jsm.streams.info(STREAM.events)).state.first_seq;
  const calls = () => stack.simulator.simulation.ledger.read({}, 0, 1_000).entries.length;

  it('takes and begins no work, drops no event, and goes on when there is room', async () => {
    expect((await postToStack(stack, { body })).status).toBe(200);
    await limitTo(ROOM_BYTES);
    const filler = 'x'.repeat(ROOM_BYTES / 20);
    for (let i = 0; i < 18; i++) await jetstream(nc).publish(`events.filler.none.${i}`, filler);

    const refused = await eventually(async () => {
      const answer = await postToStack(stack, { body });
      // A job's id on it says that it was the router which refused, and that the ingress has not looked yet.
      return answer.status === 503 && !answer.headers.has('x-penstock-job') ? answer : undefined;
    });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({
      error: { code: 'unavailable', message: expect.stringContaining('EVENTS') as string },
    });

    // A publisher's job is stored, since the server took it, and waits in its lane.
    const before = calls();
    await jetstream(nc).publish('jobs.standard.acme', JSON.stringify(body), { msgID: 'waits-1' });
    const lane = { class: 'standard', tenant: 'acme' } as const;
    const refusedStill = await postToStack(stack, { body, path: '/v1/jobs' });
    expect(refusedStill.status).toBe(503);
    expect(await laneDepth(stack.connection, lane)).toBe(1);
    expect(calls()).toBe(before);

    // Not even when something presses on does the stream let go of what it has.
    const pressing = Array.from({ length: 4 }, (_, i) =>
      jetstream(nc)
        .publish(`events.filler.none.more${i}`, filler)
        .catch((error: unknown) => error),
    );
    expect((await Promise.all(pressing)).some((outcome) => outcome instanceof Error)).toBe(true);
    expect(await firstSequence()).toBe(1);

    await limitTo(10 * ROOM_BYTES);
    const ended = await eventually(async () => {
      const found = await findOutcome(stack.connection, 'acme', 'waits-1');
      return found.kind === 'none' ? undefined : found.event;
    });
    expect(ended.outcome).toMatchObject({ state: 'succeeded', attempts: 1 });
    await eventually(async () => ((await postToStack(stack, { body })).status === 200 ? true : undefined));
  });
});
