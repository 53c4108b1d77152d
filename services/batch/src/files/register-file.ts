import type { FileObject, Read, RegisterFile } from '@penstock/contracts';
import type { BatchParts } from '../running/batch-parts.js';
import { FILE_LIFE_MS } from './file-life.js';
import { renderFile } from './render-file.js';

/** Notes a file whose parts lie in the object store already. Done twice, it has the first answer both times. */
export async function registerFile(
  { store, clock }: BatchParts,
  wanted: RegisterFile,
): Promise<Read<FileObject>> {
  const { id, tenant, filename, purpose, parts, checked, expiresAfterSeconds } = wanted;
  const nowMs = clock.nowMs();
  const file = {
    ...{ id, tenant, filename, purpose, parts },
    ...(checked && { checked }),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + (expiresAfterSeconds === undefined ? FILE_LIFE_MS : expiresAfterSeconds * 1_000),
  };
  return { ok: true, value: renderFile(await store.addFile(file)) };
}
