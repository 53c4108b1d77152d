import { HEADER, hedgeId, SUBJECT, type JobEvent, type WorkerHeartbeat } from '@penstock/contracts';
import {
  decodeDispatch,
  ensureTopology,
  listen,
  openConnection,
  sendJson,
  type Connection,
  type Dispatch,
} from '@penstock/messaging';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { headers } from 'nats';
import { startLoneRouter } from './start-lone-router.js';

const ON = ['sim/one', 'sim/two'] as const;
const ROUTER = 'router_1';
const WORKER = 'worker_1';

/** A router, and in its worker's place this test, which says what a worker says and then dies. */
describe('a worker that dies while it hedges', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    nats = await startNatsServer();
    closers.push(() => nats.stop());
    const open = async (name: string) => {
      const opened = await openConnection({ url: nats.url, name });
      closers.push(() => opened.close());
      return opened;
    };
    connection = await open('test');
    await ensureTopology(connection);
    const hedge = { budget: 0.02, afterMs: 50 };
    const router = await startLoneRouter(await open('router'), ROUTER, { deployments: ON, hedge });
    closers.push(() => router.close());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('leaves both attempts on record, as lost', async () => {
    const beat = (more: Partial<WorkerHeartbeat> = {}) => {
      const deployments = ON.map((deployment) => ({
        deployment,
        breaker: 'closed' as const,
        running: 0,
        slots: 4,
        granted: { [ROUTER]: 4 },
      }));
      const heartbeat: WorkerHeartbeat = {
        worker: WORKER,
        deployments,
        running: [],
        draining: false,
        ...more,
      };
      sendJson(connection, SUBJECT.capacityWorkers, heartbeat);
    };
    const events: JobEvent[] = [];
    listen(connection, SUBJECT.event('acme', 'attempt', '*'), (message) =>
      events.push(message.json<JobEvent>()),
    );
    let sent: Dispatch | undefined;
    listen(connection, SUBJECT.work(WORKER), (message) => (sent = decodeDispatch(message)));
    await connection.nc.flush();

    const h = headers();
    h.set(HEADER.messageId, 'hedged-1');
    h.set(HEADER.replyTo, '_INBOX.nobody');
    const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }] });
    await connection.js.publish(SUBJECT.lane({ class: 'interactive', tenant: 'acme' }), body, { headers: h });
    const dispatch = await eventually(() => {
      if (!sent) beat();
      return sent;
    });
    expect(dispatch).toMatchObject({
      deployment: 'sim/one',
      hedge: { to: ['sim/two'], share: 0.02, afterMs: 50 },
    });
    const { attemptId } = dispatch;
    beat({ running: [attemptId], hedges: [{ hedges: attemptId, deployment: 'sim/two' }] });

    const lost = await eventually(() => events.length >= 2 && events, { timeoutMs: 20_000 });
    const failure = { reason: 'worker_lost' };
    expect(lost.map(({ attempt }) => attempt)).toMatchObject([
      { id: attemptId, number: 1, deployment: 'sim/one', failure, usage: { source: 'estimated' } },
      { id: hedgeId(attemptId), number: 2, deployment: 'sim/two', hedges: attemptId, failure },
    ]);
  }, 40_000);
});
