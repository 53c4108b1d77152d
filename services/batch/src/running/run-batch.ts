import { SUBJECT } from '@penstock/contracts';
import { send, type Tail } from '@penstock/messaging';
import { isFinal } from '../batches/batch-status.js';
import { writeEndings } from '../collection/write-endings.js';
import { callBack } from '../ending/call-back.js';
import { endUnfinished } from '../ending/end-unfinished.js';
import { finishBatch } from '../ending/finish-batch.js';
import { releaseLines } from '../release/release-lines.js';
import type { BatchParts } from './batch-parts.js';
import { type BatchRun, DisownedError } from './batch-run.js';
import { nextStep, type Step } from './next-step.js';
import { resumeRun } from './resume-run.js';
import { validateBatch } from './validate-batch.js';
import { type Waiter } from './waiter.js';

/** A step that failed is tried again after a pause that doubles from the first to the second of these. */
const RETRY_MS = [200, 5_000] as const;

/**
 * Runs a batch from wherever it stands to its end: asks `nextStep`, does that, and asks again. Resolves when the
 * batch has ended, is no longer this process's, or `signal` says so; never rejects.
 */
export async function runBatch(
  parts: BatchParts,
  run: BatchRun,
  waiter: Waiter,
  signal: AbortSignal,
): Promise<void> {
  let tail: Tail | undefined;
  let pauseMs: number = RETRY_MS[0];
  while (!isFinal(run.record.status) && !signal.aborted) {
    let step: Step | undefined;
    try {
      // A batch that was cancelled before it was validated has no lines, and nothing to resume.
      if (run.record.total > 0) tail ??= await resumeRun(parts, run, () => waiter.wake());
      step = nextStep(run.view(), parts.policy, parts.clock.nowMs());
      if (step.kind === 'wait') await waiter.until(step.untilMs);
      else await take(step, parts, run);
      pauseMs = RETRY_MS[0];
    } catch (error) {
      if (error instanceof DisownedError) break;
      parts.onError(error, `run ${run.record.id}`);
      // A reader that failed has lost its place in the file, and one that was not resumed has not found it.
      if (!step || step.kind === 'release' || step.kind === 'end_unfinished')
        tail = await close(parts, run, tail);
      await waiter.pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, RETRY_MS[1]);
    }
  }
  const { tenant, id, status } = run.record;
  if (isFinal(status)) send(parts.connection, SUBJECT.batchEnded(tenant, id), '');
  await close(parts, run, tail);
}

async function close(parts: BatchParts, run: BatchRun, tail: Tail | undefined): Promise<undefined> {
  try {
    await run.closeSource();
    await tail?.close();
  } catch (error) {
    parts.onError(error, `close ${run.record.id}`);
  }
}

function take(
  step: Exclude<Step, { kind: 'wait' }>,
  parts: BatchParts,
  run: BatchRun,
): Promise<unknown> | void {
  switch (step.kind) {
    case 'validate':
      return validateBatch(parts, run);
    case 'release':
      return releaseLines(parts, run, step.count);
    case 'write':
      return writeEndings(parts, run);
    case 'close':
      return run.move(parts, 'in_progress', ['finalizing']);
    case 'call_back':
      return callBack(parts, run);
    case 'end_unfinished':
      return endUnfinished(parts, run);
    case 'finish':
      return finishBatch(parts, run, step.status);
  }
}
