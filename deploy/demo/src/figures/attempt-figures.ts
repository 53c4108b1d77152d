import type { Sql } from '@penstock/persistence';

/** What was tried on one deployment, and how it went. */
export interface AttemptFigures {
  readonly deployment: string;
  readonly attempts: number;
  readonly failed: number;
  /** Attempts after which the job's next one was made on another deployment. */
  readonly failovers: number;
  /** The reasons of the failures, most frequent first, with their counts: `server_error 12`. */
  readonly reasons: string;
}

/** Every attempt is in one of two tables: the ledger when the provider charges for it, else beside it. */
const ATTEMPTS = `
  SELECT tenant, job, attempt_number, deployment, failure_reason FROM ledger
  UNION ALL
  SELECT tenant, job, attempt_number, deployment, failure_reason FROM uncharged_attempt`;

export async function readAttempts(sql: Sql): Promise<readonly AttemptFigures[]> {
  const { rows } = await sql.query<AttemptFigures>(`
    WITH attempts AS (
      SELECT *, lead(deployment) OVER (PARTITION BY tenant, job ORDER BY attempt_number) AS next
      FROM (${ATTEMPTS}) AS every
    ), reasons AS (
      SELECT deployment, string_agg(failure_reason || ' ' || times, ', ' ORDER BY times DESC) AS reasons
      FROM (SELECT deployment, failure_reason, count(*) AS times FROM attempts
            WHERE failure_reason IS NOT NULL GROUP BY deployment, failure_reason) AS counted
      GROUP BY deployment
    )
    SELECT deployment, count(*)::int AS attempts, count(failure_reason)::int AS failed,
           (count(*) FILTER (WHERE next <> deployment))::int AS failovers,
           coalesce(min(reasons), '') AS reasons
    FROM attempts LEFT JOIN reasons USING (deployment)
    GROUP BY deployment ORDER BY deployment`);
  return rows;
}
