import http from 'node:http';
import { READ_WINDOW_BYTES, SUBJECT, type ReadReport } from '@penstock/contracts';
import { decodeFrame, listen } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { STACK_DEPLOYMENTS, startStack, type Stack } from '../stack/start-stack.js';

const TOKENS = 100_000;

/** What a worker reads of a provider at a time, at the most; it may be on its way beyond the window. */
const BLOCK_BYTES = 512 * 1024;

describe('a stream that is not read', () => {
  let stack: Stack;
  let stops: (() => void)[];
  /** What went to the ingress and what it said of its caller, of the last call. */
  let sent: Buffer[];
  let reports: number[];
  beforeAll(async () => {
    stack = await startStack({
      simulated: [modelOf('sim-small', 'chat', { contextTokens: 2_000_000 })],
      models: [{ name: 'small', deployments: ['simulator/small'], maxOutputTokens: 1_000_000 }],
      deployments: STACK_DEPLOYMENTS.slice(0, 1),
      readerStallMs: 10_000,
    });
  });
  beforeEach(() => {
    sent = [];
    reports = [];
    stops = [
      listen(stack.connection, 'reply.>', (message) => {
        const frame = decodeFrame(message);
        if (frame?.kind === 'chunk') sent.push(Buffer.from(frame.bytes));
      }),
      listen(stack.connection, SUBJECT.read('*', '>'), (message) => {
        reports.push(message.json<ReadReport>().readBytes);
      }),
    ];
  });
  afterEach(() => stops.forEach((stop) => stop()));
  afterAll(() => stack.close());

  const ask = (tokens: number) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' };
      const request = http.request(`${stack.url}/v1/chat/completions`, { method: 'POST', headers }, resolve);
      request.on('error', reject);
      const messages = [{ role: 'user', content: `[[tokens: ${tokens}]] At length.` }];
      request.end(JSON.stringify({ model: 'small', stream: true, messages }));
    });
  const textOf = async (answer: http.IncomingMessage) => {
    const received: Buffer[] = [];
    for await (const bytes of answer) received.push(bytes as Buffer);
    return Buffer.concat(received).toString();
  };
  const sentBytes = () => sent.reduce((sum, { length }) => sum + length, 0);
  const inFlight = () => stack.simulator.simulation.models.find('sim-small')?.traffic.figures().inFlight;
  const lastEntry = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries.at(-1);
  /** Resolves when the caller takes nothing any more and as much is on its way to it as may be. */
  const standsStill = () =>
    eventually(
      () =>
        reports.length > 1 &&
        reports.at(-1) === reports.at(-2) &&
        sentBytes() >= reports.at(-1)! + READ_WINDOW_BYTES,
      { timeoutMs: 30_000, what: 'the stream to stand still' },
    );

  it('stops its provider, and is whole when its caller reads on', async () => {
    const answer = await ask(TOKENS);
    await standsStill();
    const before = sentBytes();
    expect(before).toBeLessThan(reports.at(-1)! + READ_WINDOW_BYTES + BLOCK_BYTES);
    const heard = reports.length;
    await eventually(() => reports.length > heard, { timeoutMs: 10_000, what: 'another report' });
    expect(sentBytes()).toBe(before);
    expect(inFlight()).toBe(1);

    const text = await textOf(answer);
    const whole = Buffer.concat(sent).toString();
    // Comments are the ingress's own.
    expect(text.replace(/^: .*\n\n/gm, '') === whole).toBe(true);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    // It had not come to its end by far.
    expect(before).toBeLessThan(0.8 * whole.length);
    expect(lastEntry()).toMatchObject({ outcome: 'completed', outputTokens: TOKENS });
  });

  it('is ended when its caller takes nothing for too long: with an error that says so, and without the provider', async () => {
    const answer = await ask(TOKENS);
    await standsStill();
    const entry = await eventually(() => (inFlight() === 0 ? lastEntry() : undefined), {
      timeoutMs: 20_000,
      what: 'the call to be aborted',
    });
    expect(entry).toMatchObject({ outcome: 'aborted', callerLeft: true });
    const text = await textOf(answer);
    expect(text).not.toContain('[DONE]');
    expect(text.trimEnd().split('\n\n').at(-1)).toContain('"code":"reader_stalled"');
    const row = await eventually(
      async () =>
        (
          await stack.database.query<{ source: string; tokens: number }>(
            'SELECT usage_source AS source, output_tokens::int AS tokens FROM ledger WHERE attempt_id = $1',
            [entry.attempt],
          )
        ).rows[0],
    );
    expect(row.source).toBe('estimated');
    expect(row.tokens).toBeLessThan(TOKENS);
  });

  it('is not reported on when it is short', async () => {
    expect(await textOf(await ask(500))).toContain('[DONE]');
    expect(reports).toEqual([]);
  });
});
