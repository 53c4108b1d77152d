import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What accounting remembers. Money is in pico-USD (see `price-usage.ts` of accounting), and each ledger row
 * proves itself: Postgres refuses one whose cost is not what its own tokens and prices come to.
 */
export class CreateLedger1795370000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger (
        attempt_id              text        PRIMARY KEY,
        attempt_number          integer     NOT NULL,
        tenant                  text        NOT NULL,
        job                     text        NOT NULL,
        class                   text        NOT NULL,
        origin                  text        NOT NULL,
        api                     text        NOT NULL,
        model                   text        NOT NULL,
        key_name                text,
        deployment              text        NOT NULL,
        provider                text        NOT NULL,
        upstream_model          text        NOT NULL,
        upstream_id             text,
        worker                  text        NOT NULL,
        input_tokens            bigint      NOT NULL CHECK (input_tokens >= 0),
        output_tokens           bigint      NOT NULL CHECK (output_tokens >= 0),
        cached_input_tokens     bigint      NOT NULL CHECK (cached_input_tokens >= 0),
        cache_write_tokens      bigint      NOT NULL CHECK (cache_write_tokens >= 0),
        reasoning_tokens        bigint      NOT NULL CHECK (reasoning_tokens >= 0),
        usage_source            text        NOT NULL CHECK (usage_source IN ('provider', 'estimated')),
        input_price             bigint      NOT NULL CHECK (input_price >= 0),
        output_price            bigint      NOT NULL CHECK (output_price >= 0),
        cached_input_price      bigint      NOT NULL CHECK (cached_input_price >= 0),
        cache_write_price       bigint      NOT NULL CHECK (cache_write_price >= 0),
        cost_pico_usd           bigint      NOT NULL,
        started_at              timestamptz NOT NULL,
        first_byte_at           timestamptz,
        ended_at                timestamptz NOT NULL,
        failure_reason          text,
        failure_status          integer,
        trace_id                text,
        recorded_at             timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ledger_parts_within_totals CHECK (
          cached_input_tokens + cache_write_tokens <= input_tokens AND reasoning_tokens <= output_tokens
        ),
        CONSTRAINT ledger_cost_is_tokens_times_price CHECK (
          cost_pico_usd = (input_tokens - cached_input_tokens - cache_write_tokens) * input_price
                        + cached_input_tokens * cached_input_price
                        + cache_write_tokens * cache_write_price
                        + output_tokens * output_price
        )
      )`);
    await runner.query(`
      COMMENT ON COLUMN ledger.input_price IS 'micro-USD per million tokens, as all prices here; equal to pico-USD per token'`);
    await runner.query(`CREATE INDEX ledger_by_tenant_and_time ON ledger (tenant, ended_at)`);
    // Rows arrive in order of time, so a block range index finds a day among years and costs next to nothing to keep.
    await runner.query(`CREATE INDEX ledger_by_time ON ledger USING brin (ended_at)`);
    await runner.query(`
      CREATE FUNCTION refuse_ledger_update() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'A ledger row is never changed.';
      END $$`);
    await runner.query(`
      CREATE TRIGGER ledger_is_append_only BEFORE UPDATE ON ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_update()`);

    await runner.query(`
      CREATE TABLE uncharged_attempt (
        attempt_id      text        PRIMARY KEY,
        attempt_number  integer     NOT NULL,
        tenant          text        NOT NULL,
        job             text        NOT NULL,
        class           text        NOT NULL,
        origin          text        NOT NULL,
        api             text        NOT NULL,
        model           text        NOT NULL,
        key_name        text,
        deployment      text        NOT NULL,
        provider        text        NOT NULL,
        upstream_model  text        NOT NULL,
        upstream_id     text,
        worker          text        NOT NULL,
        started_at      timestamptz NOT NULL,
        first_byte_at   timestamptz,
        ended_at        timestamptz NOT NULL,
        failure_reason  text,
        failure_status  integer,
        trace_id        text,
        recorded_at     timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(
      `CREATE INDEX uncharged_attempt_by_tenant_and_time ON uncharged_attempt (tenant, ended_at)`,
    );
    await runner.query(`CREATE INDEX uncharged_attempt_by_time ON uncharged_attempt USING brin (ended_at)`);

    await runner.query(`
      CREATE TABLE job_outcome (
        tenant       text        NOT NULL,
        job          text        NOT NULL,
        state        text        NOT NULL,
        attempts     integer     NOT NULL,
        error_code   text,
        class        text        NOT NULL,
        origin       text        NOT NULL,
        api          text        NOT NULL,
        model        text        NOT NULL,
        key_name     text,
        accepted_at  timestamptz NOT NULL,
        ended_at     timestamptz NOT NULL,
        trace_id     text,
        recorded_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT job_outcome_pkey PRIMARY KEY (tenant, job)
      )`);
    await runner.query(`CREATE INDEX job_outcome_by_tenant_and_time ON job_outcome (tenant, ended_at)`);
    await runner.query(`CREATE INDEX job_outcome_by_time ON job_outcome USING brin (ended_at)`);

    await runner.query(`
      CREATE TABLE parked_event (
        stream_sequence  bigint      NOT NULL,
        subject          text        NOT NULL,
        reason           text        NOT NULL,
        detail           text        NOT NULL,
        body             bytea       NOT NULL,
        parked_at        timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT parked_event_pkey PRIMARY KEY (stream_sequence, subject)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE parked_event, job_outcome, uncharged_attempt, ledger`);
    await runner.query(`DROP FUNCTION refuse_ledger_update()`);
  }
}
