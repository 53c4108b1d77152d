import { HEADER, STREAM, type Job, type JobEvent } from '@penstock/contracts';
import { findOutcome, storeInLane } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import type { Msg } from 'nats';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** Two processes of ingress, router and worker: what one of them runs early may come off its lane at the other. */
describe('a call whose ingress, router and worker share a process', () => {
  let stack: Stack;
  const holders: (string | undefined)[] = [];
  const told: JobEvent[] = [];
  beforeAll(async () => {
    stack = await startStack({ brokers: 2 });
    stack.connection.nc.subscribe('jobs.interactive.acme', {
      callback: (_, message: Msg) => void holders.push(message.headers?.get(HEADER.holder) || undefined),
    });
    stack.connection.nc.subscribe('events.acme.outcome.*', {
      callback: (_, message: Msg) => void told.push(message.json<JobEvent>()),
    });
    await stack.connection.nc.flush();
  });
  beforeEach(() => {
    holders.splice(0);
    told.splice(0);
  });
  afterAll(() => stack.close());

  /** Longer than what ends so soon that it is not stored. */
  const LONG = '[[latency: 300 1000]]';
  const request = (model = 'small', order = LONG) => ({
    model,
    messages: [{ role: 'user', content: `Say something. ${order}` }],
  });
  /** Once it has returned, all that was published before the answer has been heard here as well. */
  const call = async (ingress: number, model?: string, order?: string) => {
    const answer = await postToStack(stack, { body: request(model, order), ingress });
    await stack.connection.nc.flush();
    return answer;
  };
  const lanes = async () => (await stack.connection.jsm.streams.info(STREAM.interactive)).state.messages;
  const ledger = async () => {
    const answer = await fetch(`${stack.simulator.url}/_simulator/ledger?limit=10000`);
    return ((await answer.json()) as { entries: unknown[] }).entries.length;
  };
  const settled = () => eventually(async () => (await lanes()) === 0, { what: 'all leases ended' });
  it('is not stored if it is answered soon, but what it cost', async () => {
    const answeredSoon = async () => {
      holders.splice(0);
      told.splice(0);
      const begunMs = performance.now();
      const { status } = await call(0, 'small', '');
      if (performance.now() - begunMs < 100) return { status };
      // A busy machine took longer: then it was right to store it.
      await settled();
      return undefined;
    };
    expect(await eventually(answeredSoon, { what: 'a call answered within 100 ms' })).toEqual({
      status: 200,
    });
    expect(told).toMatchObject([
      { outcome: { state: 'succeeded' }, attempt: { usage: { source: 'provider' } } },
    ]);
    expect([holders, await lanes()]).toEqual([[], 0]);
  });

  it('is run before it is stored', async () => {
    const answer = await call(0);
    expect(answer.status).toBe(200);
    expect(holders).toEqual([expect.stringMatching(/^router_/)]);
    await settled();
  });

  it('is run once, wherever its record is delivered, and leaves no lease behind', async () => {
    const before = await ledger();
    let calls = 0;
    const bothHeld = async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => call(i % 2)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      calls += answers.length;
      return new Set(holders.filter(Boolean)).size === 2;
    };
    await eventually(bothHeld, { what: 'a job held by each of the two' });
    await settled();
    expect((await ledger()) - before).toBe(calls);
  });

  it('goes to another deployment with its lease when the first one fails', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => call(i % 2, 'flaky')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await settled();
  });

  it('is refused if it could not be stored, whatever its provider said, and what that cost is on record', async () => {
    const { jsm } = stack.connection;
    const { config } = await jsm.streams.info(STREAM.interactive);
    await jsm.streams.update(STREAM.interactive, { ...config, max_bytes: 1 });
    try {
      // One that finds no place free at once, so soon after the calls before, is stored first: refused, and at no cost.
      const runEarly = async () => {
        holders.splice(0);
        told.splice(0);
        const refused = await call(0);
        return holders[0] !== undefined && refused;
      };
      const answer = await eventually(runEarly, { what: 'a call that is run before it is stored' });
      expect(answer.status).toBe(429);
      expect(await answer.json()).toMatchObject({ error: { code: 'lane_full' } });
      expect(holders).toEqual([expect.stringMatching(/^router_/)]);
      expect(await eventually(() => told[0])).toMatchObject({ outcome: {}, attempt: { usage: {} } });
    } finally {
      await jsm.streams.update(STREAM.interactive, { ...config, max_bytes: config.max_bytes });
    }
    expect((await call(0)).status).toBe(200);
    await settled();
  });

  it.each([
    ['is gone', 'router_00000000000000000000000000'],
    ['knows nothing of it', undefined],
    ['is no name at all', 'work.>'],
  ])('is run from its lane when the holder that its record names %s', async (_, named) => {
    await call(0);
    const holder = named ?? holders[0] ?? '';
    const id = `job_of_${holder.replace(/[^a-z0-9]/g, '')}`;
    const job: Job = {
      id,
      tenant: 'acme',
      class: 'interactive',
      origin: 'http',
      api: 'openai.chat',
      model: 'small',
      stream: false,
      estimatedInputTokens: 1,
      estimatedOutputTokens: 1,
      acceptedAtMs: Date.now(),
      keepResult: true,
      attempts: [],
    };
    await storeInLane(stack.connection, job, Buffer.from(JSON.stringify(request())), id, holder);
    const found = await eventually(async () => {
      const outcome = await findOutcome(stack.connection, 'acme', id);
      return outcome.kind === 'none' ? undefined : outcome;
    });
    expect(found.event.outcome).toMatchObject({ state: 'succeeded', attempts: 1 });
    await settled();
  });
});
