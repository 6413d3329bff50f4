import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tenancy0008 implements MigrationInterface {
  readonly name = 'Tenancy1700000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- By the name of an environment: roles that count there and nowhere else.
alter table member add column environment_roles jsonb not null default '{}';

-- Only the hash of a token is kept; prefix is how it begins, for people to know it by.
create table api_token (
  id text primary key,
  workspace_id text not null references workspace,
  member_id text not null references member,
  name text not null,
  prefix text not null,
  hash text not null unique,
  permissions text[] not null,
  -- Null for each environment.
  environments text[],
  -- Empty for any address.
  cidrs text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_from text
);
create index api_token_by_workspace on api_token (workspace_id, id desc);
create index api_token_by_member on api_token (member_id);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
