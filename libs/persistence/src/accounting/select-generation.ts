import type { Generation, RecordedOutcome } from '@penstock/contracts';

import type { Sql } from '../sql.js';

type LedgerPart = Omit<Generation, keyof RecordedOutcome | 'job'>;

interface Row {
  readonly input: string;
  readonly output: string;
  readonly cached: string;
  readonly reasoning: string;
  readonly cost: string;
  readonly last: {
    readonly deployment: string;
    readonly provider: string;
    readonly upstream_model: string;
    readonly upstream_id: string | null;
    readonly end_user: string | null;
    readonly started_at: string;
    readonly first_byte_at: string | null;
    readonly ended_at: string;
  } | null;
}

/**
 * What the ledger has of a job that has ended. The ledger has no index by job, which each insert would pay for: its
 * rows are found by the tenant and the time in which the job ran.
 */
export async function selectLedgerOf(
  sql: Sql,
  tenant: string,
  job: string,
  { acceptedAtMs, endedAtMs }: Pick<RecordedOutcome, 'acceptedAtMs' | 'endedAtMs'>,
): Promise<LedgerPart> {
  const { rows } = await sql.query<Row>(
    `SELECT coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
            coalesce(sum(cached_input_tokens), 0) AS cached, coalesce(sum(reasoning_tokens), 0) AS reasoning,
            trim_scale(coalesce(sum(cost_pico_usd), 0) * 0.000000000001)::text AS cost,
            (array_agg(to_jsonb(ledger) ORDER BY ended_at DESC))[1] AS last
     FROM ledger WHERE tenant = $1 AND job = $2 AND ended_at BETWEEN $3 AND $4`,
    [tenant, job, new Date(acceptedAtMs - CLOCK_SKEW_MS), new Date(endedAtMs + CLOCK_SKEW_MS)],
  );
  const row = rows[0]!;
  return {
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    cachedInputTokens: Number(row.cached),
    reasoningTokens: Number(row.reasoning),
    costUsd: row.cost,
    ...(row.last && { lastAttempt: toAttempt(row.last) }),
  };
}

/** The job whose answer a provider gave this id, among those of the last day. */
export async function findJob(sql: Sql, tenant: string, upstreamId: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ job: string }>(
    `SELECT job FROM ledger WHERE tenant = $1 AND upstream_id = $2 AND ended_at > now() - interval '1 day'
     ORDER BY ended_at DESC LIMIT 1`,
    [tenant, upstreamId],
  );
  return rows[0]?.job;
}

/** How far the clocks of an ingress and a worker may be apart. */
const CLOCK_SKEW_MS = 60_000;

function toAttempt(last: NonNullable<Row['last']>): NonNullable<Generation['lastAttempt']> {
  return {
    deployment: last.deployment,
    provider: last.provider,
    upstreamModel: last.upstream_model,
    ...(last.upstream_id !== null && { upstreamId: last.upstream_id }),
    ...(last.end_user !== null && { endUser: last.end_user }),
    startedAtMs: Date.parse(last.started_at),
    ...(last.first_byte_at !== null && { firstByteAtMs: Date.parse(last.first_byte_at) }),
    endedAtMs: Date.parse(last.ended_at),
  };
}
