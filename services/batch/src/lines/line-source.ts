import type { FileStore } from '@penstock/messaging';
import type { StoredPart } from '@penstock/contracts';
import { findField } from './find-field.js';
import { splitLines } from './split-lines.js';

/** A line of a file that has been validated. */
export interface SourceLine {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The lines of a validated file, one after another, taken as they are needed. */
export class LineSource {
  private readonly lines: ReturnType<typeof splitLines>;
  private waiting: readonly SourceLine[] = [];

  constructor(files: FileStore, parts: readonly StoredPart[]) {
    this.lines = splitLines(files.read(parts), Infinity);
  }

  /** The next lines, as many as are asked for, or as are left. */
  async take(count: number): Promise<readonly SourceLine[]> {
    const taken: SourceLine[] = [];
    while (taken.length < count) {
      if (this.waiting.length === 0) {
        const { value, done } = await this.lines.next();
        if (done) break;
        this.waiting = value as readonly SourceLine[];
      }
      const missing = count - taken.length;
      for (const line of this.waiting.slice(0, missing)) taken.push(line);
      this.waiting = this.waiting.slice(missing);
    }
    return taken;
  }

  async close(): Promise<void> {
    await this.lines.return();
  }
}

/** The custom id of a line that has been validated. */
export function customIdOf(line: Uint8Array): string {
  const span = findField(line, 'custom_id');
  const text = Buffer.from(span ? line.subarray(span.start, span.end) : line).toString();
  const value = JSON.parse(text) as string | { readonly custom_id: string };
  return typeof value === 'string' ? value : value.custom_id;
}
