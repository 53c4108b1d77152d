import type { UsageQuestion, UsageRow } from '@penstock/contracts';

import type { Sql } from '../sql.js';

/**
 * Usage by tenant, model and day, added up by Postgres from the rows themselves, so that it cannot disagree
 * with them. Sums of bigint are `numeric` there, which neither rounds nor overflows.
 */
export async function selectUsage(sql: Sql, question: UsageQuestion): Promise<readonly UsageRow[]> {
  const { rows } = await sql.query<Record<keyof UsageRow, string>>(STATEMENT, [
    new Date(question.fromMs),
    new Date(question.toMs),
    question.tenant ?? null,
    question.model ?? null,
  ]);
  return rows.map((row) => ({
    tenant: row.tenant,
    model: row.model,
    day: row.day,
    jobs: Number(row.jobs),
    attempts: Number(row.attempts),
    chargedAttempts: Number(row.chargedAttempts),
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    cachedInputTokens: Number(row.cachedInputTokens),
    cacheWriteTokens: Number(row.cacheWriteTokens),
    reasoningTokens: Number(row.reasoningTokens),
    costUsd: row.costUsd,
  }));
}

const WITHIN = `
  ended_at >= $1 AND ended_at < $2
  AND ($3::text IS NULL OR tenant = $3) AND ($4::text IS NULL OR model = $4)
  GROUP BY tenant, model, day`;

const DAY = `(ended_at AT TIME ZONE 'UTC')::date AS day`;

const STATEMENT = `
  SELECT tenant, model, to_char(day, 'YYYY-MM-DD') AS day,
         sum(jobs) AS jobs,
         sum(charged + uncharged) AS attempts,
         sum(charged) AS "chargedAttempts",
         sum(input_tokens) AS "inputTokens",
         sum(output_tokens) AS "outputTokens",
         sum(cached_input_tokens) AS "cachedInputTokens",
         sum(cache_write_tokens) AS "cacheWriteTokens",
         sum(reasoning_tokens) AS "reasoningTokens",
         trim_scale(sum(cost_pico_usd) * 0.000000000001)::text AS "costUsd"
  FROM (
    SELECT tenant, model, ${DAY}, 0 AS jobs, count(*) AS charged, 0 AS uncharged,
           sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
           sum(cached_input_tokens) AS cached_input_tokens, sum(cache_write_tokens) AS cache_write_tokens,
           sum(reasoning_tokens) AS reasoning_tokens, sum(cost_pico_usd) AS cost_pico_usd
    FROM ledger WHERE ${WITHIN}
    UNION ALL
    SELECT tenant, model, ${DAY}, 0, 0, count(*), 0, 0, 0, 0, 0, 0 FROM uncharged_attempt WHERE ${WITHIN}
    UNION ALL
    SELECT tenant, model, ${DAY}, count(*), 0, 0, 0, 0, 0, 0, 0, 0 FROM job_outcome WHERE ${WITHIN}
  ) AS parts
  GROUP BY tenant, model, day
  ORDER BY day, tenant, model`;
