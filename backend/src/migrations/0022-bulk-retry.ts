import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Retries of many runs, and how runs that ended badly are found among millions that did not. */
export class BulkRetry0022 implements MigrationInterface {
  readonly name = 'BulkRetry1700000000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table bulk_retry (
  id text primary key,
  workspace_id text not null references workspace,
  environment text not null,
  member_id text not null references member,
  filter jsonb not null,
  retry_from text not null,
  retry_version text not null,
  status text not null,
  total int not null,
  retried int not null default 0,
  left_over int not null default 0,
  -- The last run that was looked at, from the newest to the oldest; null before the first.
  after_at timestamptz,
  after_id text,
  -- Whoever carries it says so anew with each run; another takes over once this is past.
  lease_until timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz
);
create index bulk_retry_by_workspace on bulk_retry (workspace_id, started_at, id);
-- Runs that end well are in neither.
create index run_unwell on run (workspace_id, status, started_at, id) where status in ('failed', 'cancelled', 'in_doubt');
create index run_by_retry on run (retry_of) where retry_of is not null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
