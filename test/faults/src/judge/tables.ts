import type pg from 'pg';
import type { WrittenEntry } from '../load/client-ledger.js';

/**
 * The ledgers of the clients and of the provider, in the database beside the broker's own tables, so that all of
 * them can be joined. `run` tells the runs apart.
 */
export const JUDGE_SCHEMA = `
CREATE SCHEMA IF NOT EXISTS judge;
CREATE TABLE IF NOT EXISTS judge.run (
  run text PRIMARY KEY, began timestamptz NOT NULL DEFAULT now(), wiped_at timestamptz
);
CREATE TABLE IF NOT EXISTS judge.client (
  run text NOT NULL, sequence integer NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, via text NOT NULL,
  key text NOT NULL, tenant text NOT NULL, job text, class text, status integer, state text, hash text, detail text,
  PRIMARY KEY (run, sequence)
);
CREATE TABLE IF NOT EXISTS judge.provider (
  run text NOT NULL, sequence integer NOT NULL, attempt text NOT NULL, model text NOT NULL, outcome text NOT NULL,
  fault text, status integer NOT NULL, caller_left boolean NOT NULL, started timestamptz NOT NULL, ended timestamptz NOT NULL,
  input_tokens integer NOT NULL, output_tokens integer NOT NULL,
  PRIMARY KEY (run, sequence)
);
CREATE INDEX IF NOT EXISTS provider_by_attempt ON judge.provider (attempt);
CREATE TABLE IF NOT EXISTS judge.sample (
  run text NOT NULL, moment text NOT NULL, what text NOT NULL, value float8 NOT NULL, PRIMARY KEY (run, moment, what)
);
CREATE TABLE IF NOT EXISTS judge.leak (run text NOT NULL, place text NOT NULL, what text NOT NULL);
`;

/** A call as the simulated provider wrote it down. */
export interface ProviderEntry {
  readonly sequence: number;
  readonly attempt: string;
  readonly model: string;
  readonly outcome: string;
  readonly fault: string | null;
  readonly status: number;
  readonly callerLeft: boolean;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export async function loadClientLedger(
  sql: pg.Pool,
  run: string,
  entries: readonly WrittenEntry[],
): Promise<void> {
  await insert(sql, 'judge.client', run, entries, {
    sequence: 'sequence integer',
    at: '"atMs" float8',
    kind: 'kind text',
    via: 'via text',
    key: 'key text',
    tenant: 'tenant text',
    job: 'job text',
    class: 'class text',
    status: 'status integer',
    state: 'state text',
    hash: 'hash text',
    detail: 'detail text',
  });
}

export async function loadProviderLedger(
  sql: pg.Pool,
  run: string,
  entries: readonly ProviderEntry[],
): Promise<void> {
  await insert(sql, 'judge.provider', run, entries, {
    sequence: 'sequence integer',
    attempt: 'attempt text',
    model: 'model text',
    outcome: 'outcome text',
    fault: 'fault text',
    status: 'status integer',
    caller_left: '"callerLeft" boolean',
    started: '"startedAtMs" float8',
    ended: '"endedAtMs" float8',
    input_tokens: '"inputTokens" integer',
    output_tokens: '"outputTokens" integer',
  });
}

/** `columns` names each column's field and type in the JSON. Fields that end in `AtMs` are instants. */
async function insert(
  sql: pg.Pool,
  table: string,
  run: string,
  entries: readonly object[],
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  const values = Object.values(columns).map((column) => {
    const field = column.split(' ')[0] ?? '';
    return /Ms"$/.test(field) ? `to_timestamp(${field} / 1000)` : field;
  });
  await sql.query(
    `INSERT INTO ${table} (run, ${Object.keys(columns).join(', ')})
     SELECT $1, ${values.join(', ')} FROM jsonb_to_recordset($2::jsonb) AS entry(${Object.values(columns).join(', ')})
     ON CONFLICT DO NOTHING`,
    [run, JSON.stringify(entries)],
  );
}
