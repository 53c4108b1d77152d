import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files and batches. Their bytes lie in the object store; here is what is known of them. A batch's lines have no
 * rows of their own: which are done is one bit each in `done`, so that 10,000 outcomes cost a few updates of one
 * row and not 10,000 inserts.
 */
export class CreateBatches1795370100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE batch_file (
        id          text        PRIMARY KEY,
        tenant      text        NOT NULL,
        filename    text        NOT NULL,
        purpose     text        NOT NULL CHECK (purpose IN ('batch', 'batch_output')),
        bytes       bigint      NOT NULL CHECK (bytes >= 0),
        parts       jsonb       NOT NULL,
        created_at  timestamptz NOT NULL,
        expires_at  timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX batch_file_by_tenant ON batch_file (tenant, id)`);
    await runner.query(`CREATE INDEX batch_file_by_expiry ON batch_file (expires_at)`);

    await runner.query(`
      CREATE TABLE batch (
        id                            text        PRIMARY KEY,
        tenant                        text        NOT NULL,
        key_name                      text,
        input_file_id                 text        NOT NULL,
        endpoint                      text        NOT NULL,
        completion_window             text        NOT NULL,
        metadata                      jsonb,
        output_expires_after_seconds  integer,
        status                        text        NOT NULL,
        reached                       jsonb       NOT NULL DEFAULT '{}',
        created_at                    timestamptz NOT NULL,
        expires_at                    timestamptz NOT NULL,
        model                         text,
        problems                      jsonb,
        total                         integer     NOT NULL DEFAULT 0,
        completed                     integer     NOT NULL DEFAULT 0,
        failed                        integer     NOT NULL DEFAULT 0,
        usage                         jsonb       NOT NULL,
        released                      integer     NOT NULL DEFAULT 0,
        releasing                     integer     NOT NULL DEFAULT 0,
        releasing_at                  timestamptz,
        done                          bytea       NOT NULL DEFAULT '',
        results_sequence              bigint      NOT NULL DEFAULT 0,
        output                        jsonb       NOT NULL,
        errors                        jsonb       NOT NULL,
        owner                         text,
        owned_until                   timestamptz,
        CONSTRAINT batch_counts CHECK (completed >= 0 AND failed >= 0 AND completed + failed <= total),
        CONSTRAINT batch_cursor CHECK (released <= releasing AND releasing <= total)
      )`);
    await runner.query(`
      COMMENT ON COLUMN batch.reached IS 'when each status was entered, in milliseconds since the epoch'`);
    await runner.query(`
      COMMENT ON COLUMN batch.releasing IS 'lines up to released are in the lane for certain, lines up to here perhaps'`);
    await runner.query(`CREATE INDEX batch_by_tenant ON batch (tenant, id)`);
    await runner.query(`
      CREATE INDEX batch_unfinished ON batch (id)
      WHERE status IN ('validating', 'in_progress', 'finalizing', 'cancelling')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE batch, batch_file`);
  }
}
