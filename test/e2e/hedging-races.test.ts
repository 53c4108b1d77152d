import type { DeploymentProfile } from '@penstock/scheduling';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const NAMES = ['uneven', 'other'] as const;
const CALLS = 120;

/** Both deployments take anything up to a time that is longer than the first attempt may be silent. */
describe('hedges that race with their attempts and their callers', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: NAMES.map((name) =>
        modelOf(`sim-${name}`, 'chat', {
          latency: { firstTokenMs: { uniform: [0, 200] }, tokensPerSecond: 400 },
        }),
      ),
      deployments: NAMES.map((name): DeploymentProfile => ({
        id: `simulator/${name}`,
        provider: 'simulator',
        upstreamModel: `sim-${name}`,
        price: { input: 1, output: 2 },
        limits: { concurrency: 256 },
      })),
      models: [
        {
          name: 'racing',
          deployments: NAMES.map((name) => `simulator/${name}`),
          maxOutputTokens: 64,
          hedge: { afterMs: 60, budget: 1 },
        },
      ],
    });
  });
  afterAll(() => stack.close());

  const inFlight = (name: string) =>
    stack.simulator.simulation.models.find(`sim-${name}`)?.traffic.figures().inFlight;
  const call = async (n: number): Promise<string> => {
    const leaving = new AbortController();
    // Every fifth leaves about when the second attempt is sent.
    if (n % 5 === 0) setTimeout(() => leaving.abort(), 40 + n);
    const stream = n % 2 === 0;
    const body = { model: 'racing', stream, messages: [{ role: 'user', content: 'Say something.' }] };
    const answer = await postToStack(stack, { body, signal: leaving.signal }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (text === undefined) return 'left';
    return answer?.status === 200 && (!stream || text.includes('data: [DONE]')) ? 'whole' : text;
  };

  it('leave one row for each call, and one whole answer for each caller who stays', async () => {
    const ended = await Promise.all(Array.from({ length: CALLS }, (_, n) => call(n)));
    expect(ended.filter((one) => one !== 'left' && one !== 'whole')).toEqual([]);
    await eventually(() => NAMES.every((name) => inFlight(name) === 0));
    const made = stack.simulator.simulation.ledger.read({}, 0, 10_000).entries;
    // Some were hedged, and none twice.
    expect(made.length).toBeGreaterThan(CALLS);
    expect(made.length).toBeLessThanOrEqual(2 * CALLS);
    const whole = made.filter(({ outcome }) => outcome === 'completed');
    expect(whole.length).toBeGreaterThanOrEqual(ended.filter((one) => one === 'whole').length);
    await eventually(async () => {
      const { rows } = await stack.database.query<{ attempt: string }>(
        'SELECT attempt_id AS attempt FROM ledger WHERE attempt_id = ANY($1)',
        [made.map(({ attempt }) => attempt)],
      );
      return rows.length === made.length;
    });
  });
});
