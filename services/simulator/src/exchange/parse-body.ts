import { isForm, readForm } from '@penstock/contracts';
import type { Reading } from '../dialects/dialect.js';
import { errorOfStatus, invalidRequest } from '../dialects/provider-error.js';

/** A file of a form. Plain fields of a form are texts; a name that ends in `[]` makes a list. */
export interface FormFile {
  readonly filename: string;
  readonly content: Buffer;
}

/** Parses a body, JSON or a form; undefined stands for one that was too large. */
export function parseBody(body: Buffer | undefined, contentType?: string): Reading<unknown> {
  if (body === undefined) return { ok: false, error: errorOfStatus(413) };
  if (isForm(contentType)) return parseForm(body, contentType);
  try {
    return { ok: true, value: JSON.parse(body.toString()) };
  } catch {
    return { ok: false, error: invalidRequest('We could not parse the JSON body of your request.') };
  }
}

function parseForm(body: Buffer, contentType: string): Reading<unknown> {
  const parts = readForm(body, contentType);
  if (!parts) return { ok: false, error: invalidRequest('We could not parse the form of your request.') };
  const fields: Record<string, unknown> = {};
  for (const { name, filename, start, end } of parts) {
    const content = body.subarray(start, end);
    const value = filename === undefined ? content.toString() : ({ filename, content } satisfies FormFile);
    const list = name.endsWith('[]') ? name.slice(0, -2) : undefined;
    if (list === undefined) fields[name] = value;
    else fields[list] = [...((fields[list] as unknown[] | undefined) ?? []), value];
  }
  return { ok: true, value: fields };
}
