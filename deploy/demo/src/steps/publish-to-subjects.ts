import { sleep } from '@penstock/resilience';
import { chatRequest } from '../outside/chat.js';
import { openPublisher, type Publication } from '../outside/publisher.js';
import { duration } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

/** Jobs by class and tenant: 200 in all. */
const LANES = [
  { class: 'interactive', acme: 30, globex: 20 },
  { class: 'standard', acme: 40, globex: 30 },
  { class: 'batch', acme: 50, globex: 30 },
] as const;

const JOBS = LANES.reduce((sum, { acme, globex }) => sum + acme + globex, 0);
const PATIENCE_MS = 60_000;
const DEADLINE_MS = 10 * 60_000;

/** Publishes jobs with a plain NATS client, and hears their outcomes at its reply subject. */
export async function publishToSubjects(stage: Stage, report: Report): Promise<void> {
  const { clock, installation } = stage;
  const bar = report.progress(JOBS, 'outcomes');
  const heard = new Map<string, string>();
  const publisher = await openPublisher(installation.natsUrl, ({ job, outcome }) => heard.set(job, outcome));
  try {
    const jobs = publications(new Date(clock.nowMs() + DEADLINE_MS).toISOString());
    const startedAtMs = clock.monotonicMs();
    const acks = await Promise.all(jobs.map((job) => publisher.publish(job)));
    const publishedMs = clock.monotonicMs() - startedAtMs;
    const stored = acks.filter((ack) => ack === 'stored').length;
    stage.accepted.subject += stored;
    report.check(
      stored === JOBS,
      `${JOBS} jobs, 6 subjects, a plain NATS client`,
      `${stored} acknowledged in ${duration(publishedMs)}`,
    );
    const again = jobs[0] && (await publisher.publish(jobs[0]));
    report.check(again === 'duplicate', 'the first one once more, same Nats-Msg-Id', `answered: ${again}`);

    while (heard.size < JOBS && clock.monotonicMs() - startedAtMs < PATIENCE_MS) {
      bar.update(heard.size);
      await sleep(clock, 50, stage.signal);
    }
    bar.update(heard.size);
    bar.end();
    const succeeded = [...heard.values()].filter((outcome) => outcome === 'succeeded').length;
    report.check(
      succeeded === JOBS,
      'outcomes at the reply subject',
      `${succeeded} succeeded, the last after ${duration(clock.monotonicMs() - startedAtMs)}`,
    );
    await fetchOne(stage, report);
  } finally {
    await publisher.close();
  }
}

/** The outcome of a published job lies in RESULTS as well, where HTTP finds it. */
async function fetchOne({ clients }: Stage, report: Report): Promise<void> {
  const id = jobId('standard', 'globex', 1);
  const response = await clients.globex.get(`/v1/jobs/${id}/result`);
  await response.body?.cancel();
  const foreign = await clients.acme.get(`/v1/jobs/${id}/result`);
  await foreign.body?.cancel();
  report.check(
    response.status === 200 && foreign.status === 404,
    `GET /v1/jobs/${id}/result`,
    `${response.status} for its own tenant, ${foreign.status} for the other`,
  );
}

function publications(deadline: string): Publication[] {
  return LANES.flatMap((lane) =>
    (['acme', 'globex'] as const).flatMap((tenant) =>
      Array.from({ length: lane[tenant] }, (_, i) => ({
        subject: `jobs.${lane.class}.${tenant}`,
        id: jobId(lane.class, tenant, i + 1),
        body: JSON.stringify(chatRequest('resilient', `Sort message ${i + 1}: invoice, complaint or other?`)),
        ...(lane.class !== 'batch' && { deadline }),
      })),
    ),
  );
}

function jobId(priorityClass: string, tenant: string, number: number): string {
  return `${priorityClass}-${tenant}-${number}`;
}
