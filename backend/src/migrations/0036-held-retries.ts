import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A host may be paused in two ways: it is taken for down, or calls to it are not made again for a while. */
export class HeldRetries0036 implements MigrationInterface {
  readonly name = 'HeldRetries1700000000036';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- The failures are calls that failed in a row, or that are held back.
alter table host_pause add column kind text not null default 'down' check (kind in ('down', 'retries'));
alter table host_pause drop constraint host_pause_pkey;
alter table host_pause add primary key (workspace_id, host, kind);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
