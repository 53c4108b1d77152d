import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Measured } from '../rows/row.js';
import type { LeftOut } from '../workbench.js';

/** A row as it was measured last. */
export interface RowResult extends Measured {
  readonly title: string;
  /** The day. */
  readonly on: string;
  readonly machine: string;
  /** `few` or `each`: PENSTOCK_PROCESSES. */
  readonly processes: string;
  readonly leftOut: readonly LeftOut[];
  readonly seconds: number;
}

/** The rows by name. A row that was not measured this time stays as it was. */
export type Results = Readonly<Record<string, RowResult>>;

export function readResults(file: string): Results {
  return existsSync(file) ? revive(JSON.parse(readFileSync(file, 'utf8')) as Results) : {};
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** JSON has no NaN: it writes null. */
function revive(results: Results): Results {
  const known = (figures: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value ?? NaN]));
  return Object.fromEntries(
    Object.entries(results).map(([name, row]) => [
      name,
      { ...row, cells: row.cells.map((cell) => ({ ...cell, figures: known(cell.figures) })) },
    ]),
  );
}
