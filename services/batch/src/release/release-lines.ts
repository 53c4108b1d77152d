import { lineJobId, type Job } from '@penstock/contracts';
import { publishBundle, publishJob, type BundledJob, type Publication } from '@penstock/messaging';
import type { NumberedLine } from '../lines/line-source.js';
import type { BatchParts } from '../running/batch-parts.js';
import type { BatchRun, LineBundle } from '../running/batch-run.js';
import { bundleId, bundleLines } from './bundle-lines.js';

/** How long to leave alone a lane that is full, and a server that does not answer. */
const PAUSE_MS = 500;

/**
 * Sends lines to the lane: the next `count`, or those that it did not take the last time.
 *
 * How far lines may have got is stored before any of them goes. A process that is killed on the way is followed
 * by one that sends the lines in doubt again; their message ids make that harmless.
 */
export async function releaseLines(parts: BatchParts, run: BatchRun, count: number): Promise<void> {
  if (run.unsent.length === 0) await takeLines(run, count);
  const [first] = run.unsent[0] ?? [];
  if (!first) return;
  if (run.released > run.record.releasing) {
    await run.save(parts, {
      released: first.number - 1,
      releasing: run.released,
      releasingAtMs: parts.clock.nowMs(),
    });
  }
  const bundles = run.unsent;
  const publications = await Promise.all(bundles.map((bundle) => publishLines(parts, run, bundle)));
  const stored = bundles.reduce(
    (sum, { length }, i) => (publications[i]?.kind === 'stored' ? sum + length : sum),
    0,
  );
  if (stored > 0) parts.telemetry.metrics.accepted.add(stored, { class: 'batch', origin: 'batch' });
  run.unsent = bundles.filter((_, i) => !isInLane(publications[i]));
  if (run.unsent.length > 0) run.pausedUntilMs = parts.clock.nowMs() + PAUSE_MS;
}

async function takeLines(run: BatchRun, count: number): Promise<void> {
  const lines = (await run.source?.take(count)) ?? [];
  if (lines.length === 0) throw new Error(`The input file of ${run.record.id} ends before its last line.`);
  for (const { number, customId } of lines) run.names.set(number, customId);
  run.unsent = bundleLines(lines);
  run.released += lines.length;
}

function publishLines(
  { connection }: BatchParts,
  { record }: BatchRun,
  bundle: LineBundle,
): Promise<Publication> {
  const [first, ...rest] = bundle;
  const jobs: readonly [BundledJob, ...BundledJob[]] = [
    jobOf(record, first),
    ...rest.map((line) => jobOf(record, line)),
  ];
  return rest.length === 0
    ? publishJob(connection, jobs[0].job, jobs[0].body)
    : publishBundle(connection, jobs, bundleId(record.id, bundle));
}

function jobOf(record: BatchRun['record'], line: NumberedLine): BundledJob {
  const preset = line.preset ?? line.summary.preset;
  const job: Job = {
    id: lineJobId({ batch: record.id, line: line.number }),
    tenant: record.tenant,
    class: 'batch',
    origin: 'batch',
    api: line.api,
    stream: false,
    estimatedInputTokens: line.summary.estimatedInputTokens,
    ...line.route,
    acceptedAtMs: record.createdAtMs,
    deadlineMs: record.expiresAtMs,
    keepResult: true,
    attempts: [],
    ...(record.keyName !== undefined && { keyName: record.keyName }),
    ...(line.summary.labels && { labels: line.summary.labels }),
    ...(typeof preset === 'string' && { preset }),
  };
  return { job, body: line.body };
}

function isInLane(publication: Publication | undefined): boolean {
  return publication?.kind === 'stored' || publication?.kind === 'duplicate';
}
