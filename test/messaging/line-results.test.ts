import { eventOf, lineJobId, STREAM, SUBJECT, type Job, type JobEvent } from '@penstock/contracts';
import {
  encodeResult,
  ensureTopology,
  findOutcome,
  openConnection,
  publishDurably,
  settleJob,
  type Answer,
  type Connection,
  type Settled,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'line-results' });
  await ensureTopology(connection);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

const answerOf = (text: string): Answer => ({
  outcome: 'succeeded',
  status: 200,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(text)),
});

/** Ends a line as whoever holds its job does, by an attempt of this name. */
function end(
  batch: string,
  line: number,
  { attempt = 'first', text = `${batch} ${line}`, suspect = false } = {},
): Promise<Settled> {
  const job: Job = {
    ...{ id: lineJobId({ batch, line }), tenant: 'acme', class: 'batch', origin: 'batch' },
    ...{ api: 'openai.chat', model: 'small', stream: false, keepResult: true },
    ...{ estimatedInputTokens: 1, estimatedOutputTokens: 1, acceptedAtMs: 1, attempts: [] },
  };
  const event: JobEvent = {
    ...eventOf(job, 2),
    attempt: {
      ...{ id: `att_${batch}_${line}_${attempt}`, number: 1, deployment: 'test', provider: 'test' },
      ...{ upstreamModel: 'test', worker: 'test', startedAtMs: 1, endedAtMs: 2 },
    },
    outcome: { state: 'succeeded', attempts: 1 },
  };
  const settlement = { job, event, answer: answerOf(text), frameSequence: 0, suspect };
  return settleJob(connection, systemClock, settlement);
}

const found = async (batch: string, line: number) => {
  const outcome = await findOutcome(connection, 'acme', lineJobId({ batch, line }));
  if (outcome.kind !== 'result') return undefined;
  const { answer, event } = outcome;
  return { text: JSON.parse(Buffer.from(answer.body).toString()) as string, attempt: event.attempt?.id };
};

const messagesOf = async (batch: string): Promise<string[]> => {
  const filter = SUBJECT.batchResultsOf('acme', batch);
  const { state } = await connection.jsm.streams.info(STREAM.results, { subjects_filter: filter });
  return Object.keys(state.subjects ?? {});
};

describe('lines of batches that end at the same time', () => {
  it('lie in few messages, those of each batch apart, and each is found by itself', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => i + 1);
    const settled = await Promise.all(
      ['batch_a', 'batch_b'].flatMap((batch) => lines.map((line) => end(batch, line))),
    );
    expect(new Set(settled)).toEqual(new Set(['settled']));
    for (const batch of ['batch_a', 'batch_b']) {
      expect(await messagesOf(batch)).toHaveLength(5);
      for (const line of lines) expect(await found(batch, line)).toMatchObject({ text: `${batch} ${line}` });
      expect(await found(batch, 41)).toBeUndefined();
    }
  });

  it('lie apart where who looks for one would pass too many others', async () => {
    await Promise.all([511, 512, 513].map((line) => end('batch_shelves', line)));
    expect(await messagesOf('batch_shelves')).toHaveLength(2);
    expect(await found('batch_shelves', 512)).toMatchObject({ text: 'batch_shelves 512' });
    expect(await found('batch_shelves', 513)).toMatchObject({ text: 'batch_shelves 513' });
  });

  it('lie apart where they would be more than a server takes', async () => {
    const long = 'x'.repeat(300_000);
    const lines = [1, 2, 3, 4, 5];
    await Promise.all(lines.map((line) => end('batch_long', line, { text: `${line} ${long}` })));
    for (const line of lines) expect((await found('batch_long', line))?.text).toBe(`${line} ${long}`);
  });

  it('have a body in the object store that fits no message', async () => {
    const text = 'y'.repeat(1_500_000);
    expect(await end('batch_longer', 1, { text })).toBe('settled');
    expect((await found('batch_longer', 1))?.text).toBe(text);
  });
});

describe('a line that two have run', () => {
  it('has the first outcome, whatever else was stored with either', async () => {
    await Promise.all([end('batch_twice', 1), end('batch_twice', 2)]);
    const late = [
      end('batch_twice', 1, { attempt: 'late', text: 'too late', suspect: true }),
      end('batch_twice', 3, { suspect: true }),
    ];
    expect(await Promise.all(late)).toEqual(['already_settled', 'settled']);
    expect(await found('batch_twice', 1)).toEqual({
      text: 'batch_twice 1',
      attempt: 'att_batch_twice_1_first',
    });
    expect(await found('batch_twice', 3)).toMatchObject({ text: 'batch_twice 3' });
  });

  it('has the first outcome where each was stored alone, though nobody knew of the other', async () => {
    expect(await end('batch_alone', 1)).toBe('settled');
    expect(await end('batch_alone', 1, { attempt: 'late', text: 'too late' })).toBe('already_settled');
    expect(await found('batch_alone', 1)).toMatchObject({ text: 'batch_alone 1' });
  });

  it('is settled by whoever stored it, told again after a lost acknowledgement', async () => {
    expect(await end('batch_again', 1)).toBe('settled');
    expect(await end('batch_again', 1)).toBe('settled');
    expect(await Promise.all([end('batch_again', 1, { suspect: true }), end('batch_again', 2)])).toEqual([
      'settled',
      'settled',
    ]);
  });

  it('is ended twice at once, and once', async () => {
    const [one, other] = await Promise.all([
      end('batch_at_once', 1, { attempt: 'one', suspect: true }),
      end('batch_at_once', 1, { attempt: 'other', suspect: true }),
    ]);
    expect([one, other].sort()).toEqual(['already_settled', 'settled']);
    const attempt = one === 'settled' ? 'one' : 'other';
    expect(await found('batch_at_once', 1)).toMatchObject({ attempt: `att_batch_at_once_1_${attempt}` });
  });
});

it('a result that lay alone before is found still', async () => {
  const event = JSON.stringify({ job: 'batch_old.7', attempt: { id: 'att_old' } });
  const subject = SUBJECT.result('acme', 'batch_old.7');
  await publishDurably(connection, subject, answerOf('old').body, {
    headers: encodeResult(answerOf('old'), event),
  });
  expect(await found('batch_old', 7)).toEqual({ text: 'old', attempt: 'att_old' });
});

it('a line whose result the server did not take is not called stored', async () => {
  await nats.kill();
  const line = { line: 1, answer: answerOf('late'), event: Buffer.from('{}') };
  const kept = await connection.lineResults.keep('acme', { batch: 'batch_late', line: 1 }, line, false);
  expect(kept.kind).toBe('unavailable');
});
