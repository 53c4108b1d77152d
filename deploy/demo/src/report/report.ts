import { ProgressBar } from './progress-bar.js';
import { styleOf, type Style } from './style.js';
import { tableOf, type Column } from './table.js';

/** Where a report is written to; `process.stdout` is one. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Everything the demo prints is at most this wide. */
export const COLUMNS = 100;

/** Blocks and tables stand this far from the left. */
export const INDENT = '    ';

const LABEL_COLUMNS = 47;

/** What the demo prints, and what it found missing on the way. */
export class Report {
  readonly missing: string[] = [];
  private readonly style: Style;
  private readonly isTerminal: boolean;

  constructor(
    private readonly output: Output,
    colours = true,
  ) {
    this.isTerminal = output.isTTY === true;
    this.style = styleOf(this.isTerminal && colours);
  }

  heading(text: string): void {
    this.line(`\n${this.style.bold(text)}`);
  }

  /** Something by the way. */
  note(text: string): void {
    this.line(this.style.dim(`${INDENT}${text}`));
  }

  /** Something that has to hold: a tick with the figure, or a cross, and then the demo has failed. */
  check(holds: boolean, what: string, figure: string): void {
    const mark = holds ? this.style.good('✓') : this.style.bad('✗');
    this.line(`  ${mark} ${what.padEnd(LABEL_COLUMNS)}  ${figure}`.trimEnd());
    if (!holds) this.missing.push(figure === '' ? what : `${what}: ${figure}`);
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const [titles = '', rule = '', ...lines] = tableOf(columns, rows);
    this.line(`${INDENT}${this.style.bold(titles)}\n${INDENT}${this.style.dim(rule)}`);
    this.block(lines);
  }

  block(lines: readonly string[]): void {
    for (const line of lines) this.line(`${INDENT}${line}`);
  }

  progress(total: number, noun: string): ProgressBar {
    return new ProgressBar((text) => void this.output.write(text), total, noun, this.isTerminal);
  }

  line(text: string): void {
    this.output.write(`${text}\n`);
  }

  /** The verdict, and when something is missing all of it once more. */
  close(tookMs: number): void {
    const took = `${(tookMs / 1_000).toFixed(1)} s`;
    if (this.missing.length === 0)
      return this.line(`\n${this.style.good('All of it happened')}, in ${took}.`);
    this.line(`\n${this.style.bad('Not all of it happened')} (${took}). Missing:`);
    for (const what of this.missing) this.line(`  - ${what}`);
  }
}
