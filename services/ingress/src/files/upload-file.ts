import { refusal, RefusedError, type RegisterFile, type StoredPart } from '@penstock/contracts';
import type { UploadCheck } from '@penstock/lines';
import type { FileStore } from '@penstock/messaging';
import type { MakeId } from '@penstock/resilience';
import type { FastifyRequest } from 'fastify';
import { KEPT_SECONDS, keptSeconds } from '../batches/read-batch-request.js';
import { refusalOf } from '../http/error-reply.js';
import type { FileFingerprint } from './file-fingerprint.js';

/** A file whose bytes are stored, before it is known whether the rest of the form is right. */
interface Uploaded {
  readonly id: string;
  /** Empty when the client gave none. */
  readonly filename: string;
  readonly parts: readonly StoredPart[];
}

const MAX_FILENAME_LENGTH = 255;

/**
 * Reads the form of `POST /v1/files` and stores the file as it comes, without holding it: the fields that say
 * what it is may stand behind it. What turns out to be refused is removed again. `fingerprint` is shown all of it, and
 * `check` the bytes of the file.
 */
export async function uploadFile(
  {
    files,
    makeId,
    maxBytes,
  }: { readonly files: FileStore; readonly makeId: MakeId; readonly maxBytes: number },
  request: FastifyRequest,
  fingerprint: FileFingerprint | undefined,
  check: UploadCheck | undefined,
): Promise<Omit<RegisterFile, 'tenant'>> {
  if (!request.isMultipart()) throw new RefusedError(refusal('unsupported_media_type'));
  const fields = new Map<string, unknown>();
  let uploaded: Uploaded | undefined;
  try {
    const form = request.parts({ limits: { fileSize: maxBytes, files: 1, fields: 16, fieldSize: 1_024 } });
    for await (const part of form) {
      if (part.type === 'field') {
        fields.set(part.fieldname, part.value);
        fingerprint?.field(part.fieldname, part.value);
        continue;
      }
      if (part.fieldname !== 'file') throw refused('file', 'The file belongs in the field file.');
      const id = makeId('file');
      const bytes = fingerprint?.file(part.filename, part.file) ?? part.file;
      uploaded = {
        id,
        filename: part.filename.slice(0, MAX_FILENAME_LENGTH),
        parts: await files.write(id, check?.file(bytes) ?? bytes),
      };
    }
    return { ...readForm(fields, uploaded), purpose: 'batch' };
  } catch (error) {
    if (uploaded) await files.remove(uploaded.parts);
    throw isBrokenForm(error) ? refused('file', 'The form is incomplete or broken.') : error;
  }
}

function readForm(fields: ReadonlyMap<string, unknown>, uploaded: Uploaded | undefined) {
  if (!uploaded) throw refused('file', 'There is no file in the form.');
  if (fields.get('purpose') !== 'batch') throw refused('purpose', 'purpose is batch; no other is served.');
  const anchor = fields.get('expires_after[anchor]');
  const seconds = fields.get('expires_after[seconds]');
  if (anchor === undefined && seconds === undefined) return uploaded;
  const expiresAfterSeconds = keptSeconds(seconds);
  if (anchor !== 'created_at' || expiresAfterSeconds === undefined) {
    throw refused(
      'expires_after',
      `expires_after has the anchor created_at and ${KEPT_SECONDS.min} to ${KEPT_SECONDS.max} seconds.`,
    );
  }
  return { ...uploaded, expiresAfterSeconds };
}

/** What the form's parser throws: codes of its own, and plain errors of the parser beneath it. */
function isBrokenForm(error: unknown): boolean {
  if (refusalOf(error)) return false;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return (
    (typeof code === 'string' && code.startsWith('FST_')) ||
    (typeof message === 'string' && /multipart|part terminated|aborted|premature/i.test(message))
  );
}

function refused(param: string, message: string): RefusedError {
  return new RefusedError(refusal('invalid_request', { param, message }));
}
