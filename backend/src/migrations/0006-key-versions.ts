import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of keys, and how far the rows under an older one are. See decision 13. */
export class KeyVersions0006 implements MigrationInterface {
  readonly name = 'KeyVersions1700000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
alter table wrapped_key
  -- Of the root key that wrapped it, as its service counts.
  add column root_version text not null default '1',
  -- Since when a newer version seals; then the rows that still need this one, when it was replaced and as counted last.
  add column superseded_at timestamptz,
  add column rows_found bigint,
  add column rows_left bigint,
  -- No row needs it: its wrapped form is gone.
  add column retired_at timestamptz;
create index wrapped_key_superseded on wrapped_key (superseded_at) where superseded_at is not null and retired_at is null;

-- By version of the key, how many secrets it seals. The program may count and store them, and can't read one: this does
-- so with the owner's rights.
create function count_secrets(of_workspace text, of_environment text)
  returns table (version int, rows bigint) language plpgsql stable security definer set search_path from current as $$
begin
  return query select substring(s.sealed from '^v([0-9]+)[.]')::int, count(*) from (
    select t.sealed from connection_secret t join connection c on c.id = t.connection_id
      where c.workspace_id = of_workspace and c.environment = of_environment
    union all
    select t.sealed from oauth_token t join connection c on c.id = t.connection_id
      where c.workspace_id = of_workspace and c.environment = of_environment and t.sealed is not null
    union all
    select t.sealed from notice_webhook_secret t where t.workspace_id = of_workspace and of_environment = ''
  ) s group by 1;
end $$;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
