import { createHash } from 'node:crypto';

/**
 * What makes two uploads the same one: the fields of the form, the file's name and every byte of it. Taken while the
 * bytes pass, so that nothing is held for it. The order of the fields and the boundary do not count.
 */
export class FileFingerprint {
  private readonly fields = new Map<string, unknown>();
  private readonly bytes = createHash('sha256');
  private filename = '';

  field(name: string, value: unknown): void {
    this.fields.set(name, value);
  }

  /** The bytes as they come. */
  async *file(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    this.filename = name;
    for await (const chunk of source) {
      this.bytes.update(chunk);
      yield chunk;
    }
  }

  /** To be asked once, at the end. */
  value(): string {
    const fields = [...this.fields].sort(([one], [other]) => (one < other ? -1 : 1));
    return createHash('sha256')
      .update(JSON.stringify(['file', this.filename, fields, this.bytes.digest('hex')]))
      .digest('base64url');
  }
}
