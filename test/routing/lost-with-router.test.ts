import { HEADER, SUBJECT, type JobEvent, type WorkerHeartbeat } from '@penstock/contracts';
import {
  decodeDispatch,
  ensureTopology,
  listen,
  openConnection,
  readRunning,
  sendJson,
  type Connection,
  type Dispatch,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { headers } from 'nats';
import type { RunningRouter } from '../../services/router/src/start-router.js';
import { keepRunningOnRecord } from '../../services/worker/src/execution/keep-running-on-record.js';
import { RunningJobs, type RunningJob } from '../../services/worker/src/execution/running-jobs.js';
import { startLoneRouter } from './start-lone-router.js';

const DEPLOYMENT = 'sim/one';
const WORKER = 'worker_1';

/** In the worker's place this test, which takes a job, keeps on record what it runs, and dies together with the router. */
describe('a worker that dies together with the router that knows what it runs', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  const closers: (() => Promise<unknown>)[] = [];
  const open = async (name: string) => {
    const opened = await openConnection({ url: nats.url, name });
    closers.push(() => opened.close());
    return opened;
  };
  const start = async (
    router: string,
  ): Promise<{ readonly running: RunningRouter; readonly line: Connection }> => {
    const line = await open(router);
    const running = await startLoneRouter(line, router, { deployments: [DEPLOYMENT] });
    return { running, line };
  };
  beforeAll(async () => {
    nats = await startNatsServer();
    closers.push(() => nats.stop());
    connection = await open('test');
    await ensureTopology(connection);
    expect(await readRunning(connection)).toEqual(new Map());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('has its attempt put on record by the next router', async () => {
    const events: JobEvent[] = [];
    listen(connection, SUBJECT.event('acme', 'attempt', '*'), (message) =>
      events.push(message.json<JobEvent>()),
    );
    let sent: Dispatch | undefined;
    listen(connection, SUBJECT.work(WORKER), (message) => (sent = decodeDispatch(message)));
    await connection.nc.flush();
    const first = await start('router_1');
    const h = headers();
    h.set(HEADER.messageId, 'lost-1');
    const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }] });
    await connection.js.publish(SUBJECT.lane({ class: 'standard', tenant: 'acme' }), body, { headers: h });
    const dispatch = await eventually(() => {
      if (!sent) sendJson(connection, SUBJECT.capacityWorkers, heartbeat('router_1'));
      return sent;
    });

    const running = new RunningJobs();
    const { attemptId, deployment, job } = dispatch;
    const startedAtMs = Date.now();
    running.add(job.tenant, job.id, {
      attemptId,
      deployment,
      startedAtMs,
      history: [],
    } as unknown as RunningJob);
    const stopRecording = keepRunningOnRecord({ connection, clock: systemClock, worker: WORKER, running });
    await eventually(async () => (await readRunning(connection)).get(WORKER)?.length === 1);

    // Its line is cut as by a death: nothing is given back and nobody is told.
    await first.line.nc.close();
    closers.push(() => first.running.close().catch(() => undefined));
    const second = await start('router_2');
    closers.push(() => second.running.close());
    const [lost] = await eventually(() => events.length >= 1 && events, { timeoutMs: 20_000 });
    expect(lost?.attempt).toMatchObject({
      id: attemptId,
      number: 1,
      deployment: DEPLOYMENT,
      worker: WORKER,
      failure: { reason: 'worker_lost' },
      usage: { source: 'estimated' },
    });

    running.remove(job.tenant, job.id);
    await stopRecording();
    expect((await readRunning(connection)).get(WORKER)).toEqual([]);
  }, 40_000);
});

function heartbeat(router: string): WorkerHeartbeat {
  return {
    worker: WORKER,
    deployments: [
      { deployment: DEPLOYMENT, breaker: 'closed', running: 0, slots: 4, granted: { [router]: 4 } },
    ],
    running: [],
    draining: false,
  };
}
