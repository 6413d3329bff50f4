import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How people find things again: filters under a name, and the log of an environment that has few entries. */
export class SavedViews0035 implements MigrationInterface {
  readonly name = 'SavedViews1700000000035';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table saved_view (
  id text primary key,
  workspace_id text not null references workspace,
  screen text not null,
  name text not null,
  -- The parts of the screen's address, by name.
  search jsonb not null,
  -- Whose it is; null: everybody's in the workspace.
  member_id text references member,
  made_by text not null references member,
  made_at timestamptz not null default now()
);
create unique index saved_view_by_name on saved_view (workspace_id, screen, coalesce(member_id, ''), name);

-- Says of some pages whether an environment is in them at all: 2 bytes an entry, where an index by entry has 190. A table's
-- last pages are never summed up, so the ranges are short; not shorter, since each asks for a turn of the server's cleaner.
create index audit_entry_by_environment on audit_entry
  using brin (environment text_bloom_ops(n_distinct_per_range = 16)) with (pages_per_range = 64, autosummarize = on);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
