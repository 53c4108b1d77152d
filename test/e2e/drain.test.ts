import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** Far below the time for which either side would keep a connection that nobody uses. */
const CLOSED_WITHIN_MS = 4_000;

describe('an ingress that is stopped while calls are under way', () => {
  let stack: Stack;
  const agent = new Agent({ keepAlive: true });
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-small', 'chat', {
          latency: { firstTokenMs: 1_000, tokensPerSecond: 16 },
          output: { tokens: 16 },
        }),
        modelOf('sim-flaky', 'chat', { output: { tokens: 32 }, latency: { tokensPerSecond: 16 } }),
      ],
    });
  });
  afterAll(() => agent.destroy());

  const call = (model: string, stream: boolean) => {
    const sent = request(`${stack.url}/v1/chat/completions`, {
      agent,
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Say something.' }] }));
    return once(sent, 'response').then(([response]) => response as IncomingMessage);
  };
  const whole = async (response: IncomingMessage) => Buffer.concat((await response.toArray()) as Buffer[]);

  const inFlight = () =>
    stack.simulator.simulation.models.all().reduce((sum, { traffic }) => sum + traffic.figures().inFlight, 0);

  it('answers them, whole and in streams, and is gone at once after the last of them', async () => {
    const idle = await call('flaky', false);
    await whole(idle);
    const later = [call('small', false), call('small', true)];
    const begun = await call('flaky', true);
    await eventually(() => Promise.resolve(inFlight() === 3));
    let endedAtMs = 0;
    const ended = Promise.all(
      [begun, ...later].map(async (answer) => {
        const body = await whole(await answer);
        endedAtMs = performance.now();
        return body.toString();
      }),
    );
    await stack.close();
    const closedAtMs = performance.now();

    const [streamed, answered, streamedLater] = await ended;
    expect(streamed).toMatch(/\[DONE\]\s*$/);
    expect(streamedLater).toMatch(/\[DONE\]\s*$/);
    expect(JSON.parse(answered ?? '')).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    for (const answer of later) expect((await answer).headers.connection).toBe('close');
    expect(closedAtMs - endedAtMs).toBeLessThan(CLOSED_WITHIN_MS);
  });
});
