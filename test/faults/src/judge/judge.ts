import type pg from 'pg';
import { FIGURES, QUESTIONS, type Question } from './invariants.js';

/** What breaks an invariant: how many rows, and the first of them. */
export interface Breach {
  readonly invariant: Question['invariant'];
  readonly asks: string;
  readonly count: number;
  readonly examples: readonly object[];
}

export interface Verdict {
  readonly breaches: readonly Breach[];
  readonly figures: Readonly<Record<string, number>>;
}

/** Judges a run whose ledgers have been loaded. */
export async function judge(sql: pg.Pool, run: string): Promise<Verdict> {
  const breaches: Breach[] = [];
  for (const { invariant, asks, sql: question } of QUESTIONS) {
    const { rows } = await sql.query<object>(question, [run]);
    if (rows.length > 0) breaches.push({ invariant, asks, count: rows.length, examples: rows.slice(0, 5) });
  }
  const figures: Record<string, number> = {};
  for (const [name, question] of Object.entries(FIGURES)) {
    const { rows } = await sql.query<{ count: string }>(question, [run]);
    figures[name] = Number(rows[0]?.count ?? 0);
  }
  return { breaches, figures };
}
