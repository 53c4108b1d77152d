import { LINE_PROBLEMS, type BatchError, type LineProblemCode } from '@penstock/contracts';
import { readLine, type LineProblem, type LineRules } from './read-line.js';
import type { InputLine } from './split-lines.js';

export interface FileLimits {
  /** Lines of one file. Default 50,000. */
  readonly maxLines: number;
  /** Bytes of a line: what a message can carry, less its headers. */
  readonly maxLineBytes: number;
  /** Problems told of one file; reading stops there. Default 100. */
  readonly maxProblems: number;
}

export const FILE_LIMITS: FileLimits = {
  maxLines: 50_000,
  maxLineBytes: 1024 ** 2 - 16 * 1024,
  maxProblems: 100,
};

/** What the lines of a file come to. */
export type FileVerdict =
  | { readonly ok: true; readonly lines: number; readonly model: string | undefined }
  | { readonly ok: false; readonly errors: readonly BatchError[] };

/** Checks a file as its lines come by. Holds the custom ids seen so far, and no line. */
export class FileCheck {
  private readonly errors: BatchError[] = [];
  private readonly customIds = new Set<string>();
  private readonly models = new Set<string>();
  private lines = 0;

  constructor(
    private readonly rules: LineRules,
    private readonly limits: Pick<FileLimits, 'maxLines' | 'maxProblems'>,
  ) {}

  /** False when enough is wrong already: the rest need not be read. */
  add({ number, bytes }: InputLine): boolean {
    if (number > this.limits.maxLines) {
      this.reject(fileProblem('too_many_lines', `A batch may have ${this.limits.maxLines} lines.`), null);
      return false;
    }
    this.lines = number;
    const read = readLine(bytes, this.rules);
    if (!read.ok) {
      this.reject(read.problem, number);
    } else {
      if (this.customIds.has(read.line.customId)) {
        this.reject({ ...fileProblem('duplicate_custom_id'), param: 'custom_id' }, number);
      }
      this.customIds.add(read.line.customId);
      // One more than one is enough to know that there is no one model.
      if (this.models.size < 2) this.models.add(read.line.summary.model);
    }
    return this.errors.length < this.limits.maxProblems;
  }

  verdict(): FileVerdict {
    if (this.lines === 0 && this.errors.length === 0) this.reject(fileProblem('empty_file'), null);
    if (this.errors.length > 0) return { ok: false, errors: this.errors };
    const [model] = this.models;
    return { ok: true, lines: this.lines, model: this.models.size === 1 ? model : undefined };
  }

  private reject(problem: LineProblem, line: number | null): void {
    this.errors.push({ ...problem, line });
  }
}

/** A problem in the catalogue's own words, unless there are better ones. */
export function fileProblem(code: LineProblemCode, message: string = LINE_PROBLEMS[code]): LineProblem {
  return { code, message, param: null };
}
