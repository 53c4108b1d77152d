import { HEADER, jobStream, SUBJECT, type JobEvent, type WorkerHeartbeat } from '@penstock/contracts';
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

  // Nobody ends these jobs.
  afterEach(() => connection.jsm.streams.purge(jobStream('standard')));

  /** A router that has sent a job to a worker, which has it now. */
  const startWithJob = async (router: string, worker: string, id: string) => {
    let dispatch: Dispatch | undefined;
    const stop = listen(connection, SUBJECT.work(worker), (message) => (dispatch = decodeDispatch(message)));
    await connection.nc.flush();
    const first = await start(router);
    const h = headers();
    h.set(HEADER.messageId, id);
    const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }] });
    await connection.js.publish(SUBJECT.lane({ class: 'standard', tenant: 'acme' }), body, { headers: h });
    const sent = await eventually(() => {
      if (!dispatch) sendJson(connection, SUBJECT.capacityWorkers, heartbeat(router, worker));
      return dispatch;
    });
    stop();
    return { first, dispatch: sent };
  };
  /** Its line is cut as by a death: nothing is given back and nobody is told. */
  const cut = async ({ running, line }: Awaited<ReturnType<typeof start>>) => {
    await line.nc.close();
    closers.push(() => running.close().catch(() => undefined));
  };
  const onRecordAt = async (worker: string) => (await readRunning(connection)).get(worker);
  /** What the next router tells of the attempt. */
  const toldByNext = async (router: string) => {
    const events: JobEvent[] = [];
    const stop = listen(connection, SUBJECT.event('acme', 'attempt', '*'), (message) =>
      events.push(message.json<JobEvent>()),
    );
    const { running } = await start(router);
    const [lost] = await eventually(() => events.length >= 1 && events, { timeoutMs: 20_000 });
    stop();
    await running.close();
    return lost?.attempt;
  };

  it('has its attempt put on record by the next router, as its worker had written it down', async () => {
    const { first, dispatch } = await startWithJob('router_1', WORKER, 'lost-1');
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
    await eventually(async () => (await onRecordAt(WORKER))?.length === 1);
    await cut(first);
    expect(await toldByNext('router_2')).toMatchObject({
      id: attemptId,
      number: 1,
      deployment: DEPLOYMENT,
      worker: WORKER,
      failure: { reason: 'worker_lost' },
      usage: { source: 'estimated' },
    });

    running.remove(job.tenant, job.id);
    await stopRecording();
    expect(await onRecordAt(WORKER)).toEqual([]);
  }, 40_000);

  it('or as its router had, once the worker was silent', async () => {
    const worker = 'worker_short';
    const { first, dispatch } = await startWithJob('router_3', worker, 'lost-2');
    const record = { attemptId: dispatch.attemptId, deployment: DEPLOYMENT, job: 'lost-2' };
    await eventually(async () => (await onRecordAt(worker))?.length === 1);
    expect(await onRecordAt(worker)).toMatchObject([record]);

    sendJson(connection, SUBJECT.capacityWorkers, {
      ...heartbeat('router_3', worker),
      running: [dispatch.attemptId],
    });
    await eventually(async () => (await onRecordAt(worker))?.length === 0, { what: 'it is taken back' });
    await eventually(async () => (await onRecordAt(worker))?.length === 1, { what: 'it is written again' });
    await cut(first);
    expect(await toldByNext('router_4')).toMatchObject({
      id: dispatch.attemptId,
      worker,
      failure: { reason: 'worker_lost' },
    });
  }, 40_000);
});

function heartbeat(router: string, worker: string): WorkerHeartbeat {
  return {
    worker,
    deployments: [
      { deployment: DEPLOYMENT, breaker: 'closed', running: 0, slots: 4, granted: { [router]: 4 } },
    ],
    running: [],
    draining: false,
  };
}
