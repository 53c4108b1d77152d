import { percent, whole } from './numbers.js';

const BAR_COLUMNS = 40;
/** Where there is no terminal to draw over, this many lines tell of the way. */
const LINES = 4;

/** Shows how far something is: one line drawn over and over in a terminal, a few lines anywhere else. */
export class ProgressBar {
  private shown = 0;

  constructor(
    private readonly write: (text: string) => void,
    private readonly total: number,
    private readonly noun: string,
    private readonly isTerminal: boolean,
  ) {}

  update(done: number): void {
    if (this.isTerminal) return this.write(`\r${this.line(done)}`);
    const step = Math.floor((done * LINES) / this.total);
    if (step <= this.shown) return;
    this.shown = step;
    this.write(`${this.line(done)}\n`);
  }

  /** Leaves the last state of a terminal's line standing. */
  end(): void {
    if (this.isTerminal) this.write('\n');
  }

  private line(done: number): string {
    const filled = Math.round((done / this.total) * BAR_COLUMNS);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled);
    const count = whole(done).padStart(whole(this.total).length);
    const share = percent(done, this.total).padStart(5);
    return `    ${bar}  ${share}  ${count} of ${whole(this.total)} ${this.noun}`;
  }
}
