import type { BatchError } from '@penstock/contracts';
import {
  FileCheck,
  fileProblem,
  lineRules,
  splitLines,
  type FileVerdict,
  type LineRules,
} from '@penstock/lines';
import { MissingPartError } from '@penstock/messaging';
import type { BatchRecord, FileRecord } from '@penstock/persistence';
import { LineSet } from '../lines/line-set.js';
import type { BatchParts } from './batch-parts.js';
import type { BatchRun } from './batch-run.js';

/**
 * Has the whole input file checked before any of it runs: a batch with a bad line fails as a whole, with the numbers
 * of its bad lines, and costs nothing.
 */
export async function validateBatch(parts: BatchParts, run: BatchRun): Promise<void> {
  const verdict = await verdictOf(parts, run.record);
  if (!verdict.ok) {
    await run.move(parts, 'validating', ['failed'], { progress: { problems: verdict.errors } });
    return;
  }
  const moved = await run.move(parts, 'validating', ['in_progress'], {
    progress: { total: verdict.lines, model: verdict.model },
  });
  if (moved) run.done = LineSet.empty(verdict.lines);
}

async function verdictOf(parts: BatchParts, { tenant, inputFileId, endpoint }: BatchRecord) {
  const file = await parts.store.file({ tenant, id: inputFileId });
  if (!file) return rejected('file_unreadable');
  const { maxFileBytes } = parts.limits;
  if (file.bytes > maxFileBytes) {
    return rejected('file_too_large', `A batch may have ${maxFileBytes} bytes.`);
  }
  const { checked } = file;
  // Its lines would come to the same now.
  if (checked?.endpoint === endpoint && checked.configuration === parts.configuration) {
    if (!(await parts.files.has(file.parts))) return rejected('file_unreadable');
    return { ok: true, lines: checked.lines, model: checked.model } as const;
  }
  return checkFile(parts, lineRules(parts, tenant, endpoint), file);
}

async function checkFile(
  { files, limits }: BatchParts,
  rules: LineRules,
  file: FileRecord,
): Promise<FileVerdict> {
  const check = new FileCheck(rules, limits);
  try {
    for await (const lines of splitLines(files.read(file.parts), limits.maxLineBytes)) {
      for (const line of lines) if (!check.add(line)) return check.verdict();
    }
    return check.verdict();
  } catch (error) {
    if (error instanceof MissingPartError) return rejected('file_unreadable');
    throw error;
  }
}

function rejected(code: BatchError['code'], message?: string): FileVerdict {
  return { ok: false, errors: [{ ...fileProblem(code, message), line: null }] };
}
