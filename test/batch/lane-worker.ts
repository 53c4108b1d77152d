import { refusal, SUBJECT, type Job, type JobEvent, type Lane } from '@penstock/contracts';
import { renderError } from '@penstock/dialects';
import {
  decodeJob,
  LaneReader,
  LeaseKeeper,
  listen,
  settleJob,
  type Answer,
  type Connection,
  type JobDelivery,
} from '@penstock/messaging';
import { sleep, systemClock } from '@penstock/resilience';

/** What the worker does with a job: its answer, or undefined to hold it until it is cancelled. */
export type Work = (
  job: Job,
  body: { readonly messages: readonly { readonly content: string }[] },
) => Answer | undefined;

/** Says what was said to it. */
export const echo: Work = (_, body) => completion(body.messages[0]?.content ?? '');

export function completion(content: string): Answer {
  return {
    outcome: 'succeeded',
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] })),
  };
}

export function failure(code: 'invalid_request' | 'provider_error'): Answer {
  const { status, contentType, body } = renderError('openai.chat', refusal(code), 'x');
  return { outcome: 'failed', status, contentType, body, errorCode: code };
}

/**
 * Router and worker in one, as simple as can be: takes jobs off one lane, as many at a time as it has slots,
 * answers each, and settles it as the real ones do. It answers 3 tokens for 10.
 */
export class LaneWorker {
  /** How often each job was taken. */
  readonly taken = new Map<string, number>();
  private readonly reader: LaneReader;
  private readonly leases: LeaseKeeper;
  private readonly held = new Map<string, { readonly job: Job; readonly delivery: JobDelivery }>();
  private readonly stopListening: () => void;
  private stopped = false;
  /** Jobs at work. */
  private busy = 0;
  /** Messages asked for. */
  private asked = 0;

  constructor(
    private readonly connection: Connection,
    private readonly lane: Lane,
    private readonly options: { readonly slots: number; readonly delayMs: number; readonly work: Work },
  ) {
    this.leases = new LeaseKeeper(connection, systemClock);
    this.reader = new LaneReader(connection, {
      clock: systemClock,
      onJob: (delivery) => void this.take(delivery),
      onMessage: (_, jobs) => {
        this.asked--;
        this.busy += jobs;
      },
      onPullEnded: (_, unfilled) => {
        this.asked -= unfilled;
        this.makeRoom();
      },
    });
    this.stopListening = listen(connection, SUBJECT.cancel(lane.tenant, '>'), ({ subject }) => {
      const id = subject.split('.').slice(2).join('.');
      const held = this.held.get(id);
      if (!held) return;
      this.held.delete(id);
      const { status, contentType, body } = renderError('openai.chat', refusal('client_closed_request'), id);
      void this.settle(held.delivery, held.job, { outcome: 'cancelled', status, contentType, body });
    });
  }

  async start(): Promise<void> {
    await this.reader.ensure(this.lane);
    this.makeRoom();
  }

  close(): void {
    this.stopped = true;
    this.stopListening();
    this.reader.close();
    this.leases.close();
  }

  /** A message may have several jobs: then some more run than there are slots. */
  private makeRoom(): void {
    const count = this.options.slots - this.busy - this.asked;
    if (this.stopped || count <= 0) return;
    this.asked += count;
    this.pull(count);
  }

  private pull(count: number): void {
    if (this.stopped) return;
    // A server that was killed has forgotten the lane's consumer.
    const again = () => sleep(systemClock, 100).then(() => this.pull(count));
    this.reader.ensure(this.lane).then(() => this.reader.pull(this.lane, count), again);
  }

  private async take(delivery: JobDelivery): Promise<void> {
    if (!delivery.headers) return;
    const job = delivery.job ?? decodeJob(this.lane, delivery.headers);
    this.taken.set(job.id, (this.taken.get(job.id) ?? 0) + 1);
    this.leases.hold(delivery.ackSubject, 'batch');
    const answer = this.options.work(job, JSON.parse(Buffer.from(delivery.body).toString()) as never);
    if (!answer) return void this.held.set(job.id, { job, delivery });
    if (this.options.delayMs > 0) await sleep(systemClock, this.options.delayMs);
    await this.settle(delivery, job, answer);
  }

  private async settle(delivery: JobDelivery, job: Job, answer: Answer): Promise<void> {
    const nowMs = systemClock.nowMs();
    const event: JobEvent = {
      version: 1,
      job: job.id,
      tenant: job.tenant,
      class: job.class,
      origin: job.origin,
      api: job.api,
      model: job.model,
      acceptedAtMs: job.acceptedAtMs,
      atMs: nowMs,
      attempt: {
        id: `att_${job.id}_${delivery.deliveries}`,
        number: 1,
        deployment: 'test',
        provider: 'test',
        upstreamModel: 'test',
        worker: 'test',
        startedAtMs: nowMs,
        endedAtMs: nowMs,
        ...(answer.outcome === 'succeeded' && {
          usage: { inputTokens: 10, outputTokens: 3, cachedInputTokens: 4, source: 'provider' as const },
        }),
      },
      outcome: { state: answer.outcome, attempts: 1 },
    };
    await settleJob(this.connection, systemClock, {
      ...{ job, answer, event },
      ackSubject: delivery.ackSubject,
      frameSequence: 0,
    });
    this.leases.release(delivery.ackSubject);
    this.busy--;
    this.makeRoom();
  }
}
