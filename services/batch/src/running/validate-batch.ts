import type { BatchError } from '@penstock/contracts';
import { MissingPartError } from '@penstock/messaging';
import { admitLine } from '../lines/admit-line.js';
import { FileCheck, fileProblem, type FileVerdict } from '../lines/file-check.js';
import { LineSet } from '../lines/line-set.js';
import { splitLines } from '../lines/split-lines.js';
import type { BatchParts } from './batch-parts.js';
import type { BatchRun } from './batch-run.js';

/**
 * Reads the whole input file before any of it runs: a batch with a bad line fails as a whole, with the numbers
 * of its bad lines, and costs nothing.
 */
export async function validateBatch(parts: BatchParts, run: BatchRun): Promise<void> {
  const verdict = await checkFile(parts, run);
  if (!verdict.ok) {
    await run.closeSource();
    await run.move(parts, 'validating', ['failed'], { progress: { problems: verdict.errors } });
    return;
  }
  const moved = await run.move(parts, 'validating', ['in_progress'], {
    progress: { total: verdict.lines, model: verdict.model },
  });
  if (moved) run.done = LineSet.empty(verdict.lines);
}

async function checkFile(parts: BatchParts, run: BatchRun): Promise<FileVerdict> {
  const { limits } = parts;
  const { record } = run;
  await run.closeSource();
  const file = await parts.store.file({ tenant: record.tenant, id: record.inputFileId });
  if (!file) return rejected('file_unreadable');
  if (file.bytes > limits.maxFileBytes) {
    return rejected('file_too_large', `A batch may have ${limits.maxFileBytes} bytes.`);
  }
  const kept = (run.source = parts.lineRoom.take(file.bytes));
  const check = new FileCheck(
    {
      endpoint: record.endpoint,
      readRequest: parts.readRequest,
      presets: parts.rules.presets,
      admitRoute: (_, request) => admitLine(parts, record.tenant, request),
    },
    limits,
    (line, number) => kept?.add({ ...line, number }),
  );
  try {
    for await (const lines of splitLines(parts.files.read(file.parts), limits.maxLineBytes)) {
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
