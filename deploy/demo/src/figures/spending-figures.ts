import type { Sql } from '@penstock/persistence';
import type { ProviderCharge } from './simulator-figures.js';

/** What one tenant used, out of the ledger. */
export interface SpendingFigures {
  readonly tenant: string;
  /** Attempts that the provider charges for. */
  readonly charged: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars, exact, as decimal text. */
  readonly costUsd: string;
}

export async function readSpending(sql: Sql): Promise<readonly SpendingFigures[]> {
  const { rows } = await sql.query<SpendingFigures>(`
    SELECT tenant, count(*)::int AS charged,
           sum(input_tokens)::int AS "inputTokens", sum(output_tokens)::int AS "outputTokens",
           (sum(cost_pico_usd) * 0.000000000001)::numeric(20, 6)::text AS "costUsd"
    FROM ledger GROUP BY tenant ORDER BY tenant`);
  return rows;
}

/** The charges of the ledger, by attempt. */
export async function readLedger(sql: Sql): Promise<readonly ProviderCharge[]> {
  const { rows } = await sql.query<ProviderCharge>(`
    SELECT attempt_id AS attempt, input_tokens::int AS "inputTokens", output_tokens::int AS "outputTokens"
    FROM ledger`);
  return rows;
}
