import type { Job } from '@penstock/contracts';
import { openConnection, type Connection } from '@penstock/messaging';
import { createProvider } from '@penstock/providers';
import { ManualClock, systemClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { NO_RULES } from '@penstock/transforms';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startSimulator, type RunningSimulator } from '../../services/simulator/src/start-simulator.js';
import { executeAttempt } from '../../services/worker/src/execution/execute-attempt.js';
import { ReadWindow, REPORTS_WITHIN_MS } from '../../services/worker/src/execution/read-window.js';

/** About 19 MB of chunks: of a fifth of that the kernel's buffers can hold all that is not read, and nobody is seen to leave. */
const TOKENS = 100_000;

const JOB: Job = {
  id: 'job_1',
  tenant: 'acme',
  class: 'interactive',
  origin: 'http',
  api: 'openai.chat',
  model: 'small',
  stream: true,
  paced: true,
  estimatedInputTokens: 10,
  estimatedOutputTokens: TOKENS,
  acceptedAtMs: 0,
  replySubject: 'reply.gone.job_1',
  keepResult: false,
  attempts: [],
};

describe('a stream whose ingress has died', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  let simulator: RunningSimulator;
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'unread-test' });
    const models = [modelOf('sim-small', 'chat', { contextTokens: 2_000_000 })];
    simulator = await startSimulator({ port: 0, seed: 1, clock: systemClock, random: Math.random, models });
  });
  afterAll(async () => {
    await simulator.close();
    await connection.close();
    await nats.stop();
  });

  it('waits for reports, and is then broken off as unread, with what its provider charges', async () => {
    const clock = new ManualClock();
    const window = new ReadWindow(clock, 'attempt_1', true);
    const baseUrl = `${simulator.url}/v1`;
    const provider = createProvider({ adapter: 'openai', name: 'sim', baseUrl, apiKey: 'sim' }, systemClock);
    const deployment = {
      id: 'sim/small',
      provider: 'sim',
      upstreamModel: 'sim-small',
      baseUrl,
      timeouts: { firstByteMs: 10_000, idleMs: 10_000 },
      price: { input: 1, output: 1 },
      limits: { concurrency: 1 },
    };
    const content = `[[tokens: ${TOKENS}]] At length.`;
    const attempt = executeAttempt(
      {
        connection,
        clock: systemClock,
        worker: 'w1',
        deployment,
        provider,
        window,
        rules: NO_RULES,
        number: 1,
        onLimits: () => undefined,
        onStream: () => undefined,
      },
      {
        job: JOB,
        body: Buffer.from(
          JSON.stringify({ model: 'small', stream: true, messages: [{ role: 'user', content }] }),
        ),
        ackSubject: 'none',
        deliveries: 1,
        suspect: false,
        router: 'r1',
        number: 1,
        deployment: 'sim/small',
        attemptId: 'attempt_1',
        takenAtMs: 0,
        dispatchedAtMs: 0,
      },
      new AbortController().signal,
      undefined,
    );
    await eventually(() => window.full);
    // It asks for the time limit in the same turn in which it finds the window full, or in one of the next.
    const result = await eventually(
      async () => (clock.advance(REPORTS_WITHIN_MS), Promise.race([attempt, Promise.resolve(undefined)])),
    );
    expect(result).toMatchObject({
      kind: 'interrupted',
      failure: { reason: 'unread' },
      attempt: { failure: { reason: 'unread' }, usage: { source: 'estimated' } },
    });
    await eventually(() => simulator.simulation.ledger.read({}, 0, 10).entries.at(-1)?.callerLeft === true);
    await provider.close();
  });
});
