import type { FileObject } from '@penstock/contracts';
import type { FileRecord } from '@penstock/persistence';

/** A file in the shape of OpenAI's API. */
export function renderFile(file: FileRecord): FileObject {
  const { id, bytes, filename, purpose } = file;
  return {
    id,
    object: 'file',
    ...{ bytes, filename, purpose },
    created_at: Math.floor(file.createdAtMs / 1_000),
    expires_at: Math.floor(file.expiresAtMs / 1_000),
    status: 'processed',
  };
}
