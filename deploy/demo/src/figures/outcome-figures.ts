import type { Sql } from '@penstock/persistence';

/** How the jobs of one entrance and class ended. */
export interface OutcomeFigures {
  readonly origin: string;
  readonly class: string;
  readonly jobs: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Cancelled, expired and dead-lettered. */
  readonly other: number;
  readonly attempts: number;
  /** From acceptance to outcome. */
  readonly medianMs: number;
  readonly p95Ms: number;
}

export async function readOutcomes(sql: Sql): Promise<readonly OutcomeFigures[]> {
  const { rows } = await sql.query<OutcomeFigures>(`
    SELECT origin, class, count(*)::int AS jobs,
           (count(*) FILTER (WHERE state = 'succeeded'))::int AS succeeded,
           (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
           (count(*) FILTER (WHERE state NOT IN ('succeeded', 'failed')))::int AS other,
           sum(attempts)::int AS attempts,
           (percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::float AS "medianMs",
           (percentile_cont(0.95) WITHIN GROUP (ORDER BY ms))::float AS "p95Ms"
    FROM (SELECT *, extract(epoch FROM ended_at - accepted_at) * 1000 AS ms FROM job_outcome) AS outcomes
    GROUP BY origin, class
    ORDER BY array_position(ARRAY['http', 'subject', 'batch'], origin),
             array_position(ARRAY['interactive', 'standard', 'batch'], class)`);
  return rows;
}

/** Jobs with an outcome so far. */
export async function countOutcomes(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ jobs: number }>(`SELECT count(*)::int AS jobs FROM job_outcome`);
  return rows[0]?.jobs ?? 0;
}
