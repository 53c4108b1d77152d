import { endLine } from '../collection/gather-results.js';
import type { Unanswered } from '../collection/ending.js';
import type { BatchParts } from '../running/batch-parts.js';
import type { BatchRun } from '../running/batch-run.js';

/** Lines ended in one go; what they come to is written before the next. */
const LINES_AT_ONCE = 2_000;

/**
 * Ends lines that will have no outcome: first those that were released and did not come back in time, then, some
 * at a time, those that were never released. Their result, should one come after all, is dropped.
 */
export async function endUnfinished({ clock }: BatchParts, run: BatchRun): Promise<void> {
  const code = run.record.status === 'cancelling' ? 'batch_cancelled' : 'batch_expired';
  const ending: Unanswered = { kind: 'unanswered', code };
  const end = (line: number, customId: string) =>
    run.gather(line, endLine(run, line, customId, ending), clock.nowMs());
  for (const [line, customId] of [...run.names]) end(line, customId);
  run.unsent = [];
  const rest = (await run.source?.takeNames(LINES_AT_ONCE)) ?? [];
  for (const { number, customId } of rest) {
    if (!run.hasEnding(number)) end(number, customId);
  }
  if (run.gathered.size === 0 && rest.length === 0) {
    throw new Error(`The input file of ${run.record.id} ends before its last line.`);
  }
}
