import type { BatchParts } from '../running/batch-parts.js';

const FILES_AT_ONCE = 100;

/** Removes files whose time has passed, some at a time. They have been invisible since. */
export async function expireFiles({ store, files }: BatchParts): Promise<void> {
  for (;;) {
    const expired = await store.expiredFiles(FILES_AT_ONCE);
    for (const file of expired) {
      // The bytes first: a file without its row could never be found again.
      await files.remove(file.parts);
      await store.removeFile(file);
    }
    if (expired.length < FILES_AT_ONCE) return;
  }
}
