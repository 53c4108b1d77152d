import type { BatchLine } from '@penstock/lines';

/** What a line is called by. */
export interface NamedLine {
  /** Counted from 1. */
  readonly number: number;
  readonly customId: string;
}

/** A valid line, and which one it is. */
export interface NumberedLine extends BatchLine, NamedLine {}

/** The lines of a validated file, one after another, taken as they are needed. */
export interface LineSource {
  /** The next lines, as many as are asked for, or as are left. */
  take(count: number): Promise<readonly NumberedLine[]>;
  /** The same of lines that nothing is done with. */
  takeNames(count: number): Promise<readonly NamedLine[]>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
