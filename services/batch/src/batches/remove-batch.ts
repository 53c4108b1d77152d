import { refusal, type AskOne, type Read } from '@penstock/contracts';
import { removeFile } from '../files/remove-file.js';
import type { BatchParts } from '../running/batch-parts.js';

/** Forgets a batch that has ended, and its files: what went in, and what came out. */
export async function removeBatch(parts: BatchParts, question: AskOne): Promise<Read<AskOne>> {
  const removed = await parts.store.removeBatch(question);
  switch (removed.kind) {
    case 'not_found':
      return { ok: false, refusal: refusal('batch_not_found') };
    case 'unfinished': {
      const message = 'The batch has not ended. Cancel it, or wait until it has ended.';
      return { ok: false, refusal: refusal('unprocessable', { message }) };
    }
    case 'removed': {
      const { inputFileId, output, errors } = removed.batch;
      // What is gone already, or still read by another batch, is left to its own time.
      for (const id of [inputFileId, output.id, errors.id]) await removeFile(parts, { ...question, id });
      return { ok: true, value: question };
    }
  }
}
