import type { BatchObject, FileObject } from '@penstock/contracts';
import { sleep } from '@penstock/resilience';
import { chatRequest } from '../outside/chat.js';
import { duration, whole } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

const LINES = 1_000;
const PATIENCE_MS = 180_000;
const ENDED: readonly BatchObject['status'][] = ['completed', 'failed', 'expired', 'cancelled'];

interface OutputLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number } | null;
}

/** Uploads a file of 1,000 requests, watches the batch, makes a call in the middle of it, and reads the output. */
export async function runBatch(stage: Stage, report: Report): Promise<void> {
  const { acme } = stage.clients;
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', new Blob([inputFile()]), 'tickets.jsonl');
  const file = await acme.json<FileObject>(acme.upload('/v1/files', form));
  report.check(file.bytes > 0, 'POST /v1/files', `${whole(LINES)} lines, ${whole(file.bytes)} bytes`);
  const created = await acme.json<BatchObject>(
    acme.post('/v1/batches', {
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  );
  report.check(created.status === 'validating', 'POST /v1/batches', `${created.id} is ${created.status}`);

  const { batch, tookMs, callMs } = await watch(stage, report, created.id);
  stage.accepted.batch += batch.request_counts.total;
  const { total, completed, failed } = batch.request_counts;
  report.check(
    batch.status === 'completed' && total === LINES && completed === LINES && failed === 0,
    `the batch is ${batch.status}`,
    `${whole(completed)} of ${whole(total)} lines in ${duration(tookMs)}, ${whole((total * 1_000) / tookMs)} a second`,
  );
  report.check(
    callMs !== undefined,
    'a sync call in the middle of it',
    callMs === undefined ? 'was not answered' : `answered in ${duration(callMs)}`,
  );
  await readOutput(stage, report, batch);
}

function inputFile(): string {
  const lines = Array.from({ length: LINES }, (_, i) => ({
    custom_id: `ticket-${i + 1}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: chatRequest('resilient', `Sum up ticket ${i + 1} in one sentence.`),
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function watch(stage: Stage, report: Report, id: string) {
  const { clock, signal } = stage;
  const { acme } = stage.clients;
  const bar = report.progress(LINES, 'lines');
  const startedAtMs = clock.monotonicMs();
  let call: Promise<number | undefined> | undefined;
  let batch: BatchObject;
  do {
    await sleep(clock, 100, signal);
    batch = await acme.json<BatchObject>(acme.get(`/v1/batches/${id}`));
    const { completed, failed } = batch.request_counts;
    bar.update(completed + failed);
    if (completed > LINES / 4) call ??= timeCall(stage);
  } while (!ENDED.includes(batch.status) && clock.monotonicMs() - startedAtMs < PATIENCE_MS);
  bar.end();
  return { batch, tookMs: clock.monotonicMs() - startedAtMs, callMs: await call };
}

/** A person's call while the batch has the rest of the capacity. */
async function timeCall({ clients, clock, accepted }: Stage): Promise<number | undefined> {
  const startedAtMs = clock.monotonicMs();
  const response = await clients.globex.post('/v1/chat/completions', chatRequest('small', 'Are you busy?'));
  await response.body?.cancel();
  if (response.headers.has('x-penstock-job')) accepted.http++;
  return response.status === 200 ? clock.monotonicMs() - startedAtMs : undefined;
}

async function readOutput({ clients }: Stage, report: Report, batch: BatchObject): Promise<void> {
  const answer = await clients.acme.get(`/v1/files/${batch.output_file_id}/content`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  const output = answer.ok ? lines.map((line) => JSON.parse(line) as OutputLine) : [];
  const answered = new Set(
    output.filter(({ response }) => response?.status_code === 200).map((line) => line.custom_id),
  );
  report.check(
    answered.size === LINES && output.length === LINES,
    'GET /v1/files/{output}/content',
    `${whole(output.length)} lines, each custom_id ${answered.size === output.length ? 'once' : 'NOT once'}`,
  );
}
