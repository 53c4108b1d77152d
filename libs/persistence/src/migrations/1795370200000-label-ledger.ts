import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the caller said of a request for its own books: whom it asks for, and its metadata as a JSON object of texts. */
export class LabelLedger1795370200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger ADD COLUMN end_user text, ADD COLUMN metadata text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger DROP COLUMN end_user, DROP COLUMN metadata`);
  }
}
