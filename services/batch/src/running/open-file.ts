import { lineRules, type LineRules } from '@penstock/lines';
import { FileLines } from '../lines/file-lines.js';
import type { NamedLine, NumberedLine } from '../lines/line-source.js';
import type { BatchParts } from './batch-parts.js';
import type { BatchRun } from './batch-run.js';

/** Lines read in one go while looking for the place where a batch was left. */
const LINES_AT_ONCE = 1_000;

/**
 * Opens the input file of a batch and finds its place in it, noting the custom ids of released lines that are not done.
 * Returns the lines that may or may not have reached the lane, those that are done included: they say which lines went
 * together.
 */
export async function openFile(parts: BatchParts, run: BatchRun): Promise<readonly NumberedLine[]> {
  const { id, tenant, inputFileId, released, releasing } = run.record;
  const file = await parts.store.file({ tenant, id: inputFileId });
  if (!file) throw new Error(`The input file ${inputFileId} of ${id} is gone.`);
  const source = new FileLines(parts.files, file.parts, rulesOf(parts, run));
  await takeAll(run, released, (count) => source.takeNames(count));
  const inDoubt = await takeAll(run, releasing - released, (count) => source.take(count));
  run.source = source;
  run.released = releasing;
  return inDoubt;
}

async function takeAll<Line extends NamedLine>(
  run: BatchRun,
  count: number,
  take: (count: number) => Promise<readonly Line[]>,
): Promise<readonly Line[]> {
  const all: Line[] = [];
  while (all.length < count) {
    const lines = await take(Math.min(count - all.length, LINES_AT_ONCE));
    if (lines.length === 0)
      throw new Error(`The input file of ${run.record.id} ends before line ${run.record.releasing}.`);
    for (const line of lines) {
      all.push(line);
      if (!run.hasEnding(line.number)) run.names.set(line.number, line.customId);
    }
  }
  return all;
}

/** The model may have gone since validation: what becomes of its jobs is then the router's to say. */
function rulesOf(parts: BatchParts, { record }: BatchRun): LineRules {
  const { tenant, endpoint } = record;
  const rules = lineRules(parts, tenant, endpoint);
  return {
    ...rules,
    admitRoute: (summary, request) => {
      const route = rules.admitRoute(summary, request);
      const { model, maxOutputTokens = 0 } = summary;
      return route.ok ? route : { ok: true, value: { model, estimatedOutputTokens: maxOutputTokens } };
    },
  };
}
