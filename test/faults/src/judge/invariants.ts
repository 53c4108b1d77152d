import { CONCURRENCY } from '../system/configuration.js';

/**
 * The invariants as questions to the joined ledgers. Each question's rows are what breaks its invariant: none means
 * that it held. `$1` is the run. What is judged is the run's own: jobs that its clients name, attempts and rows
 * that were recorded since it began.
 */
export interface Question {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';
  readonly asks: string;
  readonly sql: string;
}

/** Jobs whose store was wiped after they were accepted cannot be judged: one server's disk is all there was of them. */
const ACCEPTED = `
  SELECT DISTINCT client.tenant, client.job, client.via FROM judge.client JOIN judge.run USING (run)
  WHERE client.run = $1 AND client.kind = 'accepted' AND (wiped_at IS NULL OR client.at > wiped_at)`;

const BROKER_ATTEMPTS = `
  SELECT attempt_id, tenant, job, class FROM ledger WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1)
  UNION ALL
  SELECT attempt_id, tenant, job, class FROM uncharged_attempt
  WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1)`;

export const QUESTIONS: readonly Question[] = [
  {
    invariant: 'I1',
    asks: 'accepted and without an outcome',
    sql: `SELECT accepted.* FROM (${ACCEPTED}) accepted LEFT JOIN job_outcome USING (tenant, job) WHERE state IS NULL`,
  },
  {
    invariant: 'I1',
    asks: 'told its client another outcome than is on record',
    sql: `
      SELECT client.job, client.state, job_outcome.state AS recorded
      FROM judge.client JOIN job_outcome USING (tenant, job)
      WHERE run = $1 AND client.kind = 'outcome' AND client.state IS NOT NULL AND client.state <> job_outcome.state`,
  },
  {
    invariant: 'I1',
    asks: 'answered whole and not on record as succeeded',
    sql: `
      SELECT client.job, job_outcome.state FROM judge.client JOIN judge.run USING (run)
      LEFT JOIN job_outcome USING (tenant, job)
      WHERE run = $1 AND client.kind = 'answered' AND client.status = 200 AND (wiped_at IS NULL OR client.at > wiped_at)
        AND job_outcome.state IS DISTINCT FROM 'succeeded'`,
  },
  {
    invariant: 'I1',
    asks: 'a stream that ended without saying how',
    sql: `SELECT job, key FROM judge.client WHERE run = $1 AND detail = 'silent end'`,
  },
  {
    invariant: 'I2',
    asks: 'charged by the provider and not in the ledger',
    sql: `
      SELECT provider.attempt, provider.outcome, provider.fault FROM judge.provider JOIN judge.run USING (run)
      LEFT JOIN ledger ON ledger.attempt_id = provider.attempt
      WHERE run = $1 AND provider.input_tokens + provider.output_tokens > 0 AND ledger.attempt_id IS NULL
        AND (wiped_at IS NULL OR provider.started > wiped_at)`,
  },
  {
    invariant: 'I2',
    asks: 'in the ledger with other tokens than the provider counted',
    sql: `
      SELECT attempt_id, ledger.input_tokens, provider.input_tokens AS charged_input, ledger.output_tokens,
             provider.output_tokens AS charged_output
      FROM ledger JOIN judge.provider ON provider.attempt = ledger.attempt_id
      WHERE run = $1 AND usage_source = 'provider'
        AND (ledger.input_tokens <> provider.input_tokens OR ledger.output_tokens <> provider.output_tokens)`,
  },
  {
    invariant: 'I2',
    asks: 'in the ledger as counted by the provider, who knows of no such call',
    sql: `
      SELECT attempt_id FROM ledger LEFT JOIN judge.provider ON provider.attempt = ledger.attempt_id
      WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1) AND usage_source = 'provider'
        AND provider.attempt IS NULL`,
  },
  {
    invariant: 'I3',
    // What the server knew of a key went with its store as well.
    asks: 'one key, several jobs',
    sql: `
      SELECT key, count(DISTINCT job) FROM judge.client JOIN judge.run USING (run)
      WHERE run = $1 AND kind = 'accepted' AND (wiped_at IS NULL OR client.at > wiped_at)
      GROUP BY tenant, key HAVING count(DISTINCT job) > 1`,
  },
  {
    invariant: 'I3',
    asks: 'read twice, and not the same bytes',
    sql: `
      SELECT job, count(DISTINCT hash) FROM judge.client WHERE run = $1 AND kind = 'outcome' AND hash IS NOT NULL
      GROUP BY tenant, job HAVING count(DISTINCT hash) > 1`,
  },
  {
    invariant: 'I4',
    asks: 'more calls under way at a deployment than it may have',
    sql: `
      SELECT model, at, under_way FROM (
        SELECT model, at, sum(change) OVER (PARTITION BY model ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS under_way
        FROM (SELECT run, model, started AS at, 1 AS change, started FROM judge.provider
              UNION ALL SELECT run, model, ended, -1, started FROM judge.provider) moment JOIN judge.run USING (run)
        WHERE run = $1 AND (wiped_at IS NULL OR started > wiped_at)) moment
      WHERE under_way > ${CONCURRENCY} ORDER BY under_way DESC`,
  },
  {
    invariant: 'I5',
    asks: "another tenant's job was shown",
    sql: `SELECT job, status FROM judge.client WHERE run = $1 AND kind = 'probed' AND status <> 404`,
  },
  {
    invariant: 'I5',
    asks: 'on record for another tenant than sent it',
    sql: `
      SELECT DISTINCT attempt.job, attempt.tenant FROM (${BROKER_ATTEMPTS}) attempt
      JOIN judge.client ON client.run = $1 AND client.job = attempt.job AND client.kind = 'accepted'
      WHERE client.tenant <> attempt.tenant`,
  },
  {
    invariant: 'I6',
    // A worker keeps as many connections to its provider as it had calls at a time: 24 for each of 3 deployments.
    asks: 'more memory, handles or connections afterwards than before',
    sql: `
      SELECT after.what, before.value AS before, after.value AS after
      FROM judge.sample before JOIN judge.sample after USING (run, what)
      WHERE run = $1 AND before.moment = 'before' AND after.moment = 'after' AND after.value > before.value * CASE
          WHEN what LIKE '%memory%' THEN 1.6 ELSE 1.1 END + CASE
          WHEN what LIKE '%memory%' THEN 48e6 WHEN what LIKE '%handles%' THEN 80 ELSE 4 END`,
  },
  {
    invariant: 'I7',
    asks: 'a secret or a prompt where none may be',
    sql: `SELECT place, what FROM judge.leak WHERE run = $1`,
  },
  {
    invariant: 'I8',
    asks: 'more attempts than a job is allowed',
    sql: `
      SELECT tenant, job, count(*) FROM (${BROKER_ATTEMPTS}) attempt GROUP BY tenant, job, class
      HAVING count(*) > 3 * CASE class WHEN 'interactive' THEN 5 WHEN 'standard' THEN 6 ELSE 8 END`,
  },
  {
    invariant: 'I8',
    asks: 'one attempt, several calls',
    sql: `SELECT attempt, count(*) FROM judge.provider WHERE run = $1 GROUP BY attempt HAVING count(*) > 1`,
  },
  {
    invariant: 'I8',
    asks: 'called, and not on record as an attempt at all',
    sql: `
      SELECT provider.attempt, provider.outcome, provider.fault FROM judge.provider JOIN judge.run USING (run)
      LEFT JOIN (${BROKER_ATTEMPTS}) attempt ON attempt.attempt_id = provider.attempt
      WHERE run = $1 AND attempt.attempt_id IS NULL AND (wiped_at IS NULL OR provider.started > wiped_at)`,
  },
  {
    invariant: 'I9',
    asks: 'a 2xx or an acknowledgement for what nothing is on record of',
    sql: `
      SELECT DISTINCT client.job, client.kind FROM judge.client JOIN judge.run USING (run)
      LEFT JOIN job_outcome USING (tenant, job)
      WHERE run = $1 AND (client.kind = 'accepted' OR (client.kind = 'answered' AND client.status BETWEEN 200 AND 299))
        AND client.job IS NOT NULL AND job_outcome.job IS NULL AND (wiped_at IS NULL OR client.at > wiped_at)`,
  },
];

/** What is told beside the verdict. */
export const FIGURES: Readonly<Record<string, string>> = {
  sent: `SELECT count(*) FROM judge.client WHERE run = $1 AND kind = 'sent'`,
  accepted: `SELECT count(DISTINCT (tenant, job)) FROM judge.client WHERE run = $1 AND kind = 'accepted'`,
  answered: `SELECT count(*) FROM judge.client WHERE run = $1 AND kind = 'answered' AND status = 200`,
  refused: `SELECT count(*) FROM judge.client WHERE run = $1 AND kind = 'answered' AND status <> 200`,
  broken: `SELECT count(*) FROM judge.client WHERE run = $1 AND kind = 'broken'`,
  outcomes: `
    SELECT count(*) FROM job_outcome WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1)`,
  calls: `SELECT count(*) FROM judge.provider WHERE run = $1`,
  charged: `SELECT count(*) FROM judge.provider WHERE run = $1 AND input_tokens + output_tokens > 0`,
  ledger: `SELECT count(*) FROM ledger WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1)`,
  estimated: `
    SELECT count(*) FROM ledger
    WHERE recorded_at >= (SELECT began FROM judge.run WHERE run = $1) AND usage_source = 'estimated'`,
  parked: `SELECT count(*) FROM parked_event WHERE parked_at >= (SELECT began FROM judge.run WHERE run = $1)`,
};
