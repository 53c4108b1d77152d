import { eventOf, type Job, type JobEvent, type Lane } from '@penstock/contracts';
import {
  decodeFrame,
  ensureTopology,
  LaneReader,
  listen,
  openConnection,
  publishJob,
  type Answer,
  type Connection,
  type Frame,
  type JobDelivery,
  type Settlement,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

const ANSWER: Answer = {
  outcome: 'succeeded',
  status: 200,
  contentType: 'application/json',
  body: Buffer.from('{"answer":42}'),
};

/** Takes jobs off their lanes as a worker would have them, and hears what their callers are told. */
export class HeldJobs {
  /** What came at the reply subjects of all of them. */
  readonly frames: Frame[] = [];
  private readonly deliveries: JobDelivery[] = [];
  private readonly reader: LaneReader;

  /** With a server of its own. */
  static async start(): Promise<HeldJobs> {
    const nats = await startNatsServer();
    const connection = await openConnection({ url: nats.url, name: 'held-jobs-test' });
    await ensureTopology(connection);
    return new HeldJobs(nats, connection);
  }

  private constructor(
    private readonly nats: TestNatsServer,
    readonly connection: Connection,
  ) {
    this.reader = new LaneReader(connection, {
      clock: systemClock,
      onJob: (delivery) => this.deliveries.push(delivery),
      onPullEnded: () => undefined,
    });
  }

  /** Stores a job in the lane of a tenant of its own, and takes it. What comes back would end it. */
  async hold(id: string, more: Partial<Job>): Promise<Settlement & { readonly ackSubject: string }> {
    const job: Job = {
      id,
      tenant: id,
      class: 'standard',
      origin: 'http',
      api: 'openai.chat',
      model: 'small',
      stream: false,
      estimatedInputTokens: 10,
      estimatedOutputTokens: 10,
      acceptedAtMs: 1,
      keepResult: true,
      attempts: [],
      ...more,
    };
    this.frames.length = 0;
    this.deliveries.length = 0;
    if (job.replySubject !== undefined) {
      listen(this.connection, job.replySubject, (message) => {
        const frame = decodeFrame(message);
        if (frame) this.frames.push(frame);
      });
    }
    const lane: Lane = { class: job.class, tenant: job.tenant };
    await publishJob(this.connection, job, Buffer.from('{}'));
    await this.reader.ensure(lane);
    this.reader.pull(lane, 1);
    const { ackSubject } = await eventually(() => Promise.resolve(this.deliveries[0]));
    const event: JobEvent = {
      ...eventOf(job, 2),
      attempt: {
        id: `att_${id}`,
        number: 1,
        deployment: 'test',
        provider: 'test',
        upstreamModel: 'test',
        worker: 'test',
        startedAtMs: 1,
        endedAtMs: 2,
      },
      outcome: { state: 'succeeded', attempts: 1 },
    };
    return { job, ackSubject, answer: ANSWER, event, frameSequence: 0 };
  }

  async close(): Promise<void> {
    this.reader.close();
    await this.connection.close();
    await this.nats.stop();
  }
}
