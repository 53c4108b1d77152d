import type { BatchTokens, FileInProgress } from '@penstock/persistence';
import type { BatchParts } from '../running/batch-parts.js';
import type { BatchRun, GatheredLine } from '../running/batch-run.js';

/** A part smaller than this is written again with what comes next, so that a slow batch does not end in crumbs. */
const FULL_PART_BYTES = 512 * 1024;

type FileKind = GatheredLine['file'];

/**
 * Writes the gathered endings to the batch's files, then records in one statement that their lines are done and
 * which parts the files have. Killed before that, nothing has happened: the parts belong to no file, and the
 * results are read again. So each line stands in one file, once.
 */
export async function writeEndings(parts: BatchParts, run: BatchRun): Promise<void> {
  const { resultsSequence } = run;
  const endings = run.takeGathered();
  try {
    const done = run.done.with(endings.keys());
    const [output, errors] = await Promise.all([
      extend(parts, run, 'output', endings),
      extend(parts, run, 'errors', endings),
    ]);
    const { record } = run;
    const completed = count(endings, 'output');
    const failed = count(endings, 'errors');
    await run.save(parts, {
      done: done.toBytes(),
      completed: record.completed + completed,
      failed: record.failed + failed,
      usage: total(record.usage, endings),
      resultsSequence,
      ...(output && { output: output.file }),
      ...(errors && { errors: errors.file }),
    });
    run.done = done;
    const { batchLines } = parts.telemetry.metrics;
    if (completed > 0) batchLines.add(completed, { outcome: 'completed' });
    if (failed > 0) batchLines.add(failed, { outcome: 'failed' });
    for (const extended of [output, errors]) {
      if (!extended) continue;
      run.tails[extended.kind] = extended.tail;
      if (extended.replaced) await parts.files.remove(extended.replaced).catch(() => undefined);
    }
  } catch (error) {
    run.putBack(endings, parts.clock.nowMs());
    throw error;
  }
}

/** The file with one more part, or with a larger last one. Undefined when there is nothing for it. */
async function extend(
  parts: BatchParts,
  run: BatchRun,
  kind: FileKind,
  endings: ReadonlyMap<number, GatheredLine>,
) {
  const pieces: Uint8Array[] = [];
  for (const ending of endings.values()) if (ending.file === kind) pieces.push(ending.bytes);
  if (pieces.length === 0) return undefined;
  const file: FileInProgress = run.record[kind];
  const tail = run.tails[kind];
  const bytes = Buffer.concat(tail ? [tail, ...pieces] : pieces);
  const part = await parts.files.writePart(`${file.id}.${parts.makeId('part')}`, [bytes]);
  const kept = tail ? file.parts.slice(0, -1) : file.parts;
  return {
    kind,
    file: { ...file, parts: [...kept, part] },
    tail: bytes.length < FULL_PART_BYTES ? bytes : undefined,
    replaced: tail && file.parts.slice(-1),
  };
}

function count(endings: ReadonlyMap<number, GatheredLine>, kind: FileKind): number {
  let found = 0;
  for (const ending of endings.values()) if (ending.file === kind) found++;
  return found;
}

function total(before: BatchTokens, endings: ReadonlyMap<number, GatheredLine>): BatchTokens {
  let { input, cachedInput, output, reasoning } = before;
  for (const { tokens } of endings.values()) {
    if (!tokens) continue;
    input += tokens.input;
    cachedInput += tokens.cachedInput;
    output += tokens.output;
    reasoning += tokens.reasoning;
  }
  return { input, cachedInput, output, reasoning };
}
