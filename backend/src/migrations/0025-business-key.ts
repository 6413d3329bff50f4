import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs are found by what they are about, and those of one key may go one after another. */
export class BusinessKey0025 implements MigrationInterface {
  readonly name = 'BusinessKey1700000000025';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- A keyed hash: whoever knows the key finds its runs, and nobody reads it here.
alter table run add column key text;
-- Of a run that goes in order: when the database took it in, in microseconds since 1970; 0 once it has begun.
alter table run add column in_line bigint;
create index run_by_key on run (workspace_id, key, started_at, id) where key is not null;
create index run_in_line on run (flow_id, environment, key, in_line, id) where in_line is not null and ended_at is null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
