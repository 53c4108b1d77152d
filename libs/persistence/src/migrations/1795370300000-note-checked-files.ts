import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a file came to that was checked while it was uploaded. */
export class NoteCheckedFiles1795370300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE batch_file ADD COLUMN checked jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE batch_file DROP COLUMN checked`);
  }
}
