import type { DeploymentProfile, HedgePolicy, RoutedModel } from '@penstock/scheduling';
import { collectSpans } from '@penstock/telemetry';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** Far longer than any test waits for an answer. */
const NEVER_MS = 20_000;

const deployment = (name: string, concurrency = 64): DeploymentProfile => ({
  id: `simulator/${name}`,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 2 },
  limits: { concurrency },
});

/** Every job may be hedged. */
const ALWAYS: HedgePolicy = { afterMs: 60, budget: 1 };

const model = (name: string, on: readonly string[], more: Partial<RoutedModel> = {}): RoutedModel => ({
  name,
  deployments: on.map((one) => `simulator/${one}`),
  maxOutputTokens: 64,
  ...more,
});

interface Explained {
  readonly attempts: {
    id: string;
    number: number;
    deployment: string;
    hedges?: string;
    failure?: { reason: string };
  }[];
}

interface Row {
  readonly deployment: string;
  readonly number: number;
  readonly input: string;
  readonly output: string;
  readonly reason: string | null;
  readonly source: 'provider' | 'estimated';
}

describe('hedging before the first token', () => {
  const collected = collectSpans();
  let stack: Stack;
  beforeAll(async () => {
    const late = (id: string, ms: number, fault?: 'cut') =>
      modelOf(id, 'chat', {
        latency: { firstTokenMs: ms },
        ...(fault && { faults: [{ rate: 1, fault: { kind: 'cut', afterEvents: 0, midEvent: false } }] }),
      });
    stack = await startStack({
      spanProcessors: [collected.processor],
      simulated: [
        late('sim-never', NEVER_MS),
        late('sim-later', NEVER_MS),
        late('sim-quick', 0),
        late('sim-usual', 0),
        late('sim-slowish', 200),
        late('sim-patient', 150),
        late('sim-cut', 200, 'cut'),
        late('sim-narrow', NEVER_MS),
        modelOf('sim-broken', 'chat', { faults: [{ rate: 1, fault: { kind: 'status', status: 500 } }] }),
      ],
      deployments: [
        ...['never', 'later', 'quick', 'slowish', 'patient', 'cut', 'broken', 'usual'].map((name) =>
          deployment(name),
        ),
        deployment('narrow', 1),
      ],
      models: [
        model('hedged', ['never', 'quick'], { hedge: ALWAYS }),
        model('asked', ['never', 'quick'], { hedge: { ...ALWAYS, when: 'asked' } }),
        model('plain', ['slowish', 'quick']),
        model('first', ['slowish', 'never'], { hedge: ALWAYS }),
        model('both', ['never', 'later'], { hedge: ALWAYS }),
        model('rescued', ['cut', 'slowish'], { hedge: ALWAYS, attempts: 2 }),
        model('doomed', ['cut', 'broken'], { hedge: ALWAYS, attempts: 2 }),
        model('single', ['never', 'quick'], { hedge: ALWAYS, attempts: 1 }),
        model('full', ['slowish', 'narrow'], { hedge: ALWAYS }),
        model('narrow', ['narrow']),
        model('usual', ['usual', 'quick'], { hedge: { budget: 1 } }),
        model('bounded', ['patient', 'quick'], { hedge: { afterMs: 10, budget: 0.02 } }),
      ],
    });
  });
  afterAll(() => stack.close());

  const messages = [{ role: 'user', content: 'Say something.' }];
  const post = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    postToStack(stack, {
      body: { messages, ...body },
      headers: { 'x-penstock-explain': '1', ...headers },
      ...(signal && { signal }),
    });
  const explanationOf = (answer: Response) =>
    JSON.parse(answer.headers.get('x-penstock-explanation') ?? '{}') as Explained;
  const calls = (name: string) =>
    stack.simulator.simulation.ledger.read({ model: `sim-${name}` }, 0, 10_000).entries;
  const attempted = (id: string) =>
    stack.simulator.simulation.ledger.read({ attempt: id }, 0, 10).entries.at(-1);
  /** What the ledger has of attempts, once it has as many. */
  const rowsOf = (attempts: readonly string[]) =>
    eventually(async () => {
      const { rows } = await stack.database.query<Row>(
        `SELECT deployment, attempt_number AS number, input_tokens AS input, output_tokens AS output,
                failure_reason AS reason, usage_source AS source FROM ledger WHERE attempt_id = ANY($1) ORDER BY attempt_number`,
        [attempts],
      );
      return rows.length === attempts.length && rows;
    });
  /** What was counted of hedges beside a deployment. */
  const hedges = async (slow: string) => {
    const text = await stack.scrape('worker');
    const found: Record<string, number> = {};
    for (const line of text.split('\n')) {
      if (!line.startsWith('penstock_hedges_total{') || !line.includes(`"simulator/${slow}"`)) continue;
      found[/outcome="(\w+)"/.exec(line)?.[1] ?? ''] = Number(line.split(' ')[1]);
    }
    return found;
  };
  /**
   * Each attempt has its one row: what answered has the provider's own count, and what was broken off before a word of
   * it came an estimate of what the provider charged for reading the request.
   */
  const expectBilled = async ({ attempts }: Explained) => {
    const rows = await rowsOf(attempts.map(({ id }) => id));
    for (const [at, { id, failure }] of attempts.entries()) {
      const { input, output, reason, source } = rows[at]!;
      const entry = await eventually(() => attempted(id));
      expect({ reason, source, output: Number(output) }).toEqual({
        reason: failure?.reason ?? null,
        source: failure ? 'estimated' : 'provider',
        output: entry.outputTokens,
      });
      if (failure) expect(Number(input)).toBeGreaterThanOrEqual(entry.inputTokens);
      else expect(Number(input)).toBe(entry.inputTokens);
    }
  };

  it('answers from the second deployment when the first is slow, and breaks the first off', async () => {
    const answer = await post({ model: 'hedged' });
    expect(answer.status).toBe(200);
    const explained = explanationOf(answer);
    const [slow, quick] = explained.attempts;
    expect(explained.attempts).toMatchObject([
      { number: 1, deployment: 'simulator/never', failure: { reason: 'outrun' } },
      { number: 2, deployment: 'simulator/quick', hedges: slow?.id },
    ]);
    expect(quick?.failure).toBeUndefined();
    await eventually(() => attempted(slow?.id ?? '')?.outcome === 'aborted');
    expect(attempted(slow?.id ?? '')).toMatchObject({ callerLeft: true, outputTokens: 0 });
    await expectBilled(explained);
    expect(await hedges('never')).toMatchObject({ won: 1 });

    const id = answer.headers.get('x-penstock-job') ?? '';
    const asked = await fetch(`${stack.url}/v1/jobs/${id}/explain`, {
      headers: { authorization: `Bearer ${stack.keys.acme}` },
    });
    expect(await asked.json()).toMatchObject({ state: 'succeeded', attempts: explained.attempts });
    await eventually(() =>
      collected
        .finished()
        .some(
          ({ attributes }) =>
            attributes?.['penstock.attempt.id'] === quick?.id &&
            attributes?.['penstock.attempt.hedges'] === slow?.id,
        ),
    );
  });

  it('does so for a stream, of which the caller sees one answer', async () => {
    const answer = await post({ model: 'hedged', stream: true, stream_options: { include_usage: true } });
    const text = await answer.text();
    expect(text.match(/"role":"assistant"/g)).toHaveLength(1);
    expect(text.match(/data: \[DONE\]/g)).toHaveLength(1);
    const explained = JSON.parse(/^: penstock-explanation (.*)$/m.exec(text)?.[1] ?? '{}') as Explained;
    expect(explained.attempts).toMatchObject([
      { deployment: 'simulator/never', failure: { reason: 'outrun' } },
      { deployment: 'simulator/quick' },
    ]);
    await expectBilled(explained);
    const [, quick] = explained.attempts;
    expect(attempted(quick?.id ?? '')).toMatchObject({ outcome: 'completed', streamed: true });
  });

  it('breaks the second off when the first answers first', async () => {
    const answer = await post({ model: 'first' });
    const explained = explanationOf(answer);
    expect(explained.attempts).toMatchObject([
      { number: 1, deployment: 'simulator/slowish' },
      { number: 2, deployment: 'simulator/never', failure: { reason: 'outrun' } },
    ]);
    expect(explained.attempts[0]?.failure).toBeUndefined();
    await expectBilled(explained);
    expect(await hedges('slowish')).toMatchObject({ lost: 1 });
  });

  it('is off where the model does not say it', async () => {
    const explained = explanationOf(await post({ model: 'plain' }));
    expect(explained.attempts).toMatchObject([{ deployment: 'simulator/slowish' }]);
  });

  it('is off for a request that says so, and where a request has to ask for it', async () => {
    for (const body of [{ model: 'hedged', provider: { hedge: false } }, { model: 'asked' }]) {
      const answer = await post(body, { 'x-penstock-deadline': '700ms' });
      expect(answer.status).toBe(504);
      expect(explanationOf(answer).attempts).toHaveLength(1);
    }
    const asked = await post({ model: 'asked', provider: { hedge: { after_ms: 20 } } });
    expect(explanationOf(asked).attempts).toHaveLength(2);
  });

  it.each(['standard', 'batch'])('never hedges class %s', async (priorityClass) => {
    const before = calls('quick').length;
    const body = { model: 'hedged', provider: { hedge: true } };
    const answer = await post(body, { 'x-penstock-class': priorityClass, 'x-penstock-deadline': '700ms' });
    expect(answer.status).toBe(504);
    expect(calls('quick')).toHaveLength(before);
  });

  it('makes no more attempts than the job is allowed', async () => {
    const answer = await post({ model: 'single' }, { 'x-penstock-deadline': '700ms' });
    expect(answer.status).toBe(504);
    expect(explanationOf(answer).attempts).toHaveLength(1);
  });

  it('goes on with the second when the first fails beside it, without another one', async () => {
    const answer = await post({ model: 'rescued' });
    expect(answer.status).toBe(200);
    const explained = explanationOf(answer);
    expect(explained.attempts).toMatchObject([
      { number: 1, deployment: 'simulator/cut', failure: { reason: 'connection_failed' } },
      { number: 2, deployment: 'simulator/slowish', hedges: explained.attempts[0]?.id },
    ]);
    await rowsOf(explained.attempts.map(({ id }) => id));
  });

  it('counts both as attempts when both fail', async () => {
    const before = calls('cut').length + calls('broken').length;
    const answer = await post({ model: 'doomed' });
    expect(answer.status).toBe(502);
    expect(calls('cut').length + calls('broken').length - before).toBe(2);
    const { data } = (await (
      await fetch(`${stack.url}/v1/dead_letters`, { headers: { authorization: `Bearer ${stack.keys.acme}` } })
    ).json()) as { data: { model: string; history: { deployment: string; number: number }[] }[] };
    const letter = data.find(({ model: name }) => name === 'doomed');
    expect(letter?.history.map(({ number }) => number).sort()).toEqual([1, 2]);
  });

  it('aborts both when the caller leaves', async () => {
    const leaving = new AbortController();
    const before = [calls('never').length, calls('later').length];
    const pending = post({ model: 'both' }, {}, leaving.signal);
    await eventually(() => stack.simulator.simulation.models.find('sim-later')?.traffic.figures().inFlight);
    leaving.abort();
    await expect(pending).rejects.toThrow();
    const ended = await eventually(() => {
      const left = [calls('never').slice(before[0]), calls('later').slice(before[1])].flat();
      return left.length === 2 && left;
    });
    expect(ended.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted']);
    const rows = await rowsOf(ended.map(({ attempt }) => attempt));
    expect(rows.map(({ reason }) => reason)).toEqual(['aborted', 'aborted']);
  });

  it('sends none where the other deployment has no room to spare', async () => {
    const leaving = new AbortController();
    const holding = post({ model: 'narrow' }, {}, leaving.signal);
    await eventually(() => stack.simulator.simulation.models.find('sim-narrow')?.traffic.figures().inFlight);
    const explained = explanationOf(await post({ model: 'full' }));
    expect(explained.attempts).toMatchObject([{ deployment: 'simulator/slowish' }]);
    leaving.abort();
    await expect(holding).rejects.toThrow();
    expect(await hedges('slowish')).toMatchObject({ no_room: 1 });
  });

  it('learns what is slow at a deployment, and hedges nothing before', async () => {
    for (let n = 0; n < 20; n++)
      expect(explanationOf(await post({ model: 'usual' })).attempts).toHaveLength(1);
    stack.simulator.simulation.models.change('sim-usual', { latency: { firstTokenMs: NEVER_MS } });
    const answer = await eventually(async () => {
      const tried = await post({ model: 'usual' }, { 'x-penstock-deadline': '1s' });
      return tried.status === 200 && tried;
    });
    expect(explanationOf(answer).attempts).toMatchObject([
      { deployment: 'simulator/usual', failure: { reason: 'outrun' } },
      { deployment: 'simulator/quick' },
    ]);
  });

  it('keeps to its budget when every call is slow', async () => {
    const made = () => calls('patient').length + calls('quick').length;
    const sent = async () => {
      const counts = await Promise.all([hedges('patient'), hedges('quick')]);
      return counts.reduce((sum, { won = 0, lost = 0, failed = 0 }) => sum + won + lost + failed, 0);
    };
    const [madeBefore, sentBefore] = [made(), await sent()];
    const answers = await Promise.all(Array.from({ length: 200 }, () => post({ model: 'bounded' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(200);
    const hedged = answers.filter((answer) => explanationOf(answer).attempts.length > 1).length;
    expect(hedged).toBeGreaterThan(0);
    // Two in a hundred.
    expect(hedged).toBeLessThanOrEqual(4);
    await eventually(() => made() - madeBefore === 200 + hedged);
    expect((await sent()) - sentBefore).toBe(hedged);
    expect((await hedges('patient'))['no_budget']).toBeGreaterThan(0);
  });
});
