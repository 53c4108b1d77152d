/**
 * A form (`multipart/form-data`, RFC 7578) as the body of a job: it travels as the bytes the client sent, with its
 * media type in `Job.contentType`, and is read in place.
 */
export interface FormPart {
  readonly name: string;
  /** Absent for a part that is a plain field. */
  readonly filename?: string;
  /** Where the part's content lies in the body: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
}

/** More parts than any API has; a bound on what a hostile body costs. */
const MAX_PARTS = 256;

const HEAD_END = '\r\n\r\n';

export function isForm(contentType: string | undefined): contentType is string {
  return contentType !== undefined && /^multipart\/form-data\b/i.test(contentType);
}

/** The parts of a form, in their order; undefined when the bytes are no whole form of that media type. */
export function readForm(body: Uint8Array, contentType: string): readonly FormPart[] | undefined {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it, unless something stands in front of the form.
  const opening = delimiter.subarray(2);
  const preamble = bytes.indexOf(delimiter);
  let at = bytes.subarray(0, opening.length).equals(opening) ? opening.length : afterOf(preamble, delimiter);
  const parts: FormPart[] = [];
  while (at !== -1 && parts.length <= MAX_PARTS) {
    if (bytes.toString('latin1', at, at + 2) === '--') return parts;
    const headEnd = bytes.indexOf(HEAD_END, at);
    const end = headEnd === -1 ? -1 : bytes.indexOf(delimiter, headEnd + 2);
    const part = end === -1 ? undefined : describePart(bytes.toString('utf8', at, headEnd));
    if (part === undefined) return undefined;
    // An empty part's delimiter begins with the line break that ends its head.
    parts.push({ ...part, start: Math.min(headEnd + HEAD_END.length, end), end });
    at = end + delimiter.length;
  }
  return undefined;
}

/** What separates the parts, which readers and writers of a form have to agree on. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

function afterOf(found: number, delimiter: Buffer): number {
  return found === -1 ? -1 : found + delimiter.length;
}

function describePart(head: string): Pick<FormPart, 'name' | 'filename'> | undefined {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1];
  if (disposition === undefined) return undefined;
  const name = parameter(disposition, 'name');
  const filename = parameter(disposition, 'filename');
  if (name === undefined) return undefined;
  return { name, ...(filename !== undefined && { filename }) };
}

function parameter(disposition: string, name: string): string | undefined {
  const pattern = new RegExp(`(?:^|[;\\s])${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i');
  return pattern.exec(disposition)?.[1];
}
