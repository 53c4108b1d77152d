import type { Spending, SpendingQuestion } from '@penstock/contracts';

import type { Sql } from '../sql.js';

/** What was spent, added up by Postgres from the rows themselves. */
export async function selectSpending(sql: Sql, question: SpendingQuestion): Promise<Spending> {
  const since = (parameter: string) =>
    `trim_scale(coalesce(sum(cost_pico_usd) FILTER (WHERE ended_at >= ${parameter}), 0) * 0.000000000001)::text`;
  const { rows } = await sql.query<Spending>(
    `SELECT ${since("'-infinity'")} AS "totalUsd", ${since('$3')} AS "dayUsd",
            ${since('$4')} AS "weekUsd", ${since('$5')} AS "monthUsd"
     FROM ledger WHERE tenant = $1 AND ($2::text IS NULL OR key_name = $2)`,
    [
      question.tenant,
      question.keyName ?? null,
      new Date(question.dayMs),
      new Date(question.weekMs),
      new Date(question.monthMs),
    ],
  );
  const { totalUsd, dayUsd, weekUsd, monthUsd } = rows[0]!;
  return { totalUsd, dayUsd, weekUsd, monthUsd };
}
