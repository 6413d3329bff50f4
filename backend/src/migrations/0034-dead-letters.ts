import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that failed for good and that nobody has dealt with, in an index that holds no others; who closed one, and why. */
export class DeadLetters0034 implements MigrationInterface {
  readonly name = 'DeadLetters1700000000034';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
alter table run
  -- Its retry stands for it.
  add column tried_again boolean not null default false,
  add column closed_at timestamptz,
  add column closed_by text,
  add column closed_reason text;
update run set tried_again = true where id in (select retry_of from run where retry_of is not null);
-- As features/runs/letters/dead-letter.ts says it.
create index run_dead on run (workspace_id, started_at, id)
  where status in ('failed', 'cancelled') and (status = 'failed' or retry_of is not null)
    and version > 0 and not parent_waits and closed_at is null and not tried_again;
create index run_closed on run (workspace_id, started_at, id) where closed_at is not null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
