import { boundaryOf, readForm } from '@penstock/contracts';
import { replaceBytes, type Replacement } from './json-object-scan.js';

/**
 * Sets a plain field of a form and leaves every other byte as it is; one that is missing is added in front.
 * Undefined when the bytes are no form.
 */
export function setFormField(
  bytes: Buffer,
  contentType: string,
  name: string,
  value: string,
): Buffer | undefined {
  const parts = readForm(bytes, contentType);
  const boundary = boundaryOf(contentType);
  if (!parts || boundary === undefined) return undefined;
  const replacements: Replacement[] = parts
    .filter((part) => part.name === name && part.filename === undefined)
    .map(({ start, end }) => ({ start, end, bytes: Buffer.from(value) }));
  if (replacements.length > 0) return replaceBytes(bytes, replacements);
  const field = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return Buffer.concat([Buffer.from(field), bytes]);
}
