import type { Cell, Reached, Verdict } from './row.js';

/** What the cells say of one figure of a system, by the beginning of its name. NaN when it was not measured. */
export function figureOf(cells: readonly Cell[], system: string, at: string, figure: string): number {
  const cell = cells.find((one) => one.at === at && one.system.startsWith(system));
  return cell?.figures[figure] ?? NaN;
}

/** Judges by comparisons that are undefined where something was not measured. */
export function judge(
  about: Omit<Verdict, 'reached'>,
  least: boolean | undefined,
  aim: boolean | undefined,
): Verdict {
  return { ...about, reached: reached(least, aim) };
}

/** `a` compared with `b`; undefined when either was not measured. */
export function compare(a: number, relation: '<=' | '>=' | '>', b: number): boolean | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  if (relation === '>') return a > b;
  return relation === '<=' ? a <= b : a >= b;
}

/** True if all hold, false if one does not, undefined if that is not known. */
export function all(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** A figure for a sentence; `-` when it was not measured. */
export function say(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: digits }) : '-';
}

function reached(least: boolean | undefined, aim: boolean | undefined): Reached {
  if (aim && least !== false) return 'aim';
  if (least) return 'least';
  return least === undefined ? 'unknown' : 'no';
}
