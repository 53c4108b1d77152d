import type { LineSource, NamedLine, NumberedLine } from './line-source.js';

/** Of all batches of a process together. A batch of 10,000 lines of 1 KB has room. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** Room for lines that wait between their check and their release, bounded, because a lane may be full for hours. */
export class LineRoom {
  private left: number;

  constructor(bytes = KEPT_BYTES) {
    this.left = bytes;
  }

  /** Room for the lines of a file. Undefined when there is none for all of them: then it is read again. */
  take(fileBytes: number): KeptLines | undefined {
    if (fileBytes > this.left) return undefined;
    this.left -= fileBytes;
    return new KeptLines(() => (this.left += fileBytes));
  }
}

/**
 * The lines of a file as they were read when it was checked. To read and parse it again for their release was a
 * seventh of what the batch service did for a batch.
 */
export class KeptLines implements LineSource {
  private lines: NumberedLine[] = [];
  private closed = false;

  constructor(private readonly giveBack: () => void) {}

  /** Copies the body: it is a part of a piece of the file, all of which would be kept with it. */
  add(line: NumberedLine): void {
    this.lines.push({ ...line, body: Buffer.from(line.body) });
  }

  take(count: number): Promise<readonly NumberedLine[]> {
    const taken = this.lines.splice(0, count);
    if (this.lines.length === 0) this.letGo();
    return Promise.resolve(taken);
  }

  takeNames(count: number): Promise<readonly NamedLine[]> {
    return this.take(count);
  }

  close(): Promise<void> {
    this.letGo();
    return Promise.resolve();
  }

  private letGo(): void {
    if (this.closed) return;
    this.closed = true;
    this.lines = [];
    this.giveBack();
  }
}
