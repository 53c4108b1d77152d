import { isForm, readForm, refusal, type Read } from '@penstock/contracts';
import { passing, readJson } from '../json/read-json.js';
import type { Check, JsonObject } from '../json/check.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The longest field that is read; what is longer is a file, or nothing that admission needs. */
const MAX_FIELD_BYTES = 256 * 1024;

/** A file of a form, as checks see it. */
export interface FormFile {
  readonly bytes: number;
}

/**
 * The fields of a body that is a form, as an object that has passed `check`: plain fields are strings, files are
 * `FormFile`s, and a name that comes several times (`image[]`) counts by its first.
 */
export function readFormRequest(
  body: Uint8Array,
  contentType: string | undefined,
  check: Check,
): Read<JsonObject> {
  if (!isForm(contentType)) return { ok: false, refusal: refusal('unsupported_media_type') };
  const parts = readForm(body, contentType);
  if (parts === undefined) {
    return {
      ok: false,
      refusal: refusal('invalid_request', { message: 'The form is incomplete or broken.' }),
    };
  }
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, filename, start, end } of parts) {
    const bytes = body.subarray(start, end);
    const key = name.replace(/\[\]$/, '');
    fields[key] ??= filename === undefined ? fieldText(bytes) : ({ bytes: bytes.length } satisfies FormFile);
  }
  return passing(fields, check);
}

/** A body that may come as a form or as JSON. */
export function readFormOrJson(
  body: Uint8Array,
  contentType: string | undefined,
  checks: { readonly form: Check; readonly json: Check },
): Read<JsonObject> {
  return isForm(contentType) ? readFormRequest(body, contentType, checks.form) : readJson(body, checks.json);
}

function fieldText(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_FIELD_BYTES) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
