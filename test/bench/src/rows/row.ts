import type { Workbench } from '../workbench.js';

/** Figures by name; NaN where there was nothing to count. */
export type Figures = Readonly<Record<string, number>>;

/** What one system did under one condition: medians over the runs. */
export interface Cell {
  readonly system: string;
  /** The condition: `64 clients`. */
  readonly at: string;
  readonly figures: Figures;
  readonly runs: number;
  /** Answers in all runs together that were not as they should be. */
  readonly failed: number;
}

export interface Column {
  readonly figure: string;
  readonly title: string;
  readonly digits: number;
}

/** Whether what was to be reached was: `aim` includes `least`. */
export type Reached = 'aim' | 'least' | 'no' | 'unknown';

/** One line of what is to be reached. */
export interface Verdict {
  readonly work: string;
  readonly least: string;
  readonly aim: string;
  readonly measured: string;
  readonly reached: Reached;
}

/** What a row measured, ready to be shown. */
export interface Measured {
  /** How it was measured, in Markdown. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly cells: readonly Cell[];
  readonly verdicts: readonly Verdict[];
  /** The figure that is drawn as bars. */
  readonly drawn?: { readonly figure: string; readonly title: string };
  /** Figures over time, drawn as lines. */
  readonly curves?: {
    readonly title: string;
    readonly unit: string;
    readonly minutes: number;
    readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  };
}

/** One kind of work that is measured. */
export interface Row {
  readonly name: string;
  readonly title: string;
  measure(bench: Workbench): Promise<Measured>;
}
