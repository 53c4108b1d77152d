/** One thing that is measured on an installation of its own. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  run(with_: MeasureOptions): Promise<Measured>;
}

export interface MeasureOptions {
  readonly root: string;
  /** Less time, fewer jobs: to see that it works. */
  readonly short: boolean;
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly findings: readonly Finding[];
  /** Whatever else is worth keeping. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A figure beside what it should be. */
export interface Finding {
  readonly what: string;
  readonly figure: string;
  readonly bound: string;
  readonly met: boolean;
}
