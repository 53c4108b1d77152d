import { refusal, type AskOne, type FileDeleted, type Read } from '@penstock/contracts';
import type { BatchParts } from '../running/batch-parts.js';

/** Removes a file: first the knowledge of it, then its bytes. Bytes left over by a crash go with the bucket's time limit. */
export async function removeFile(
  { store, files, onError }: BatchParts,
  question: AskOne,
): Promise<Read<FileDeleted>> {
  const removed = await store.removeFile(question);
  switch (removed.kind) {
    case 'not_found':
      return { ok: false, refusal: refusal('file_not_found') };
    case 'in_use': {
      const message = 'A batch is still reading the file. Cancel the batch, or wait until it has ended.';
      return { ok: false, refusal: refusal('unprocessable', { message }) };
    }
    case 'removed':
      files
        .remove(removed.file.parts)
        .catch((error: unknown) => onError(error, 'remove the parts of a file'));
      return { ok: true, value: { id: question.id, object: 'file', deleted: true } };
  }
}
