import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of a secret that overlap, when it is due, what used it last; and what the broker keeps of OAuth. */
export class ConnectionVersions0007 implements MigrationInterface {
  readonly name = 'ConnectionVersions1700000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
alter table connection
  -- A secret is due for rotation so many days after it was set; null: never.
  add column rotate_days int,
  add column due_at timestamptz,
  -- When the service stops taking it, as far as its owner knows.
  add column expires_at timestamptz,
  -- {at, code, message}: why the last call could not prove itself; null once one could.
  add column last_error jsonb;

-- Who set which version and when; never what it was. Destroyed ones stay.
create table connection_version (
  connection_id text not null references connection,
  version int not null,
  workspace_id text not null references workspace,
  auth_kind text not null,
  -- What people may see of it, such as the public half of a key.
  shown jsonb,
  created_by text not null references member,
  created_at timestamptz not null default now(),
  -- Another version took its place: until then it can be gone back to.
  kept_until timestamptz,
  destroyed_at timestamptz,
  primary key (connection_id, version)
);
create index connection_version_kept on connection_version (kept_until) where kept_until is not null;
insert into connection_version (connection_id, version, workspace_id, auth_kind, created_by, created_at, destroyed_at)
  select id, secret_version, workspace_id, auth_kind, owner_id, rotated_at, revoked_at from connection;

-- What its owner was told of: once for each date and each distance from it.
create table connection_warning (
  connection_id text not null references connection,
  kind text not null,
  at timestamptz not null,
  days_before int not null,
  told_at timestamptz not null default now(),
  primary key (connection_id, kind, at, days_before)
);

-- Calls of a day, by scope ('' for a test) and host.
create table connection_use (
  connection_id text not null references connection,
  day date not null,
  scope text not null,
  host text not null,
  calls bigint not null,
  last_at timestamptz not null,
  primary key (connection_id, day, scope, host)
);

-- Written by the broker alone, one row a version. The tokens are replaced in one statement, so that a refresh token that
-- was given in exchange for another is never without it.
create table oauth_token (
  connection_id text not null references connection,
  version int not null,
  sealed text,
  scopes text[],
  obtained_at timestamptz,
  expires_at timestamptz,
  -- {at, code, message}: a person has to authorize again.
  failure jsonb,
  -- The process that is asking for new ones, and for how long it may.
  lease text,
  leased_until timestamptz,
  primary key (connection_id, version)
);

-- An authorization that a member has begun: found by the hash of its state, once.
create table oauth_attempt (
  state_hash text primary key,
  connection_id text not null references connection,
  version int not null,
  member_id text not null,
  session_hash text not null,
  sealed text not null,
  expires_at timestamptz not null
);

-- What the broker did by itself, on its way into the log: it may not write there.
create table connection_event (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  environment text not null,
  connection_id text not null,
  -- The member who asked for it; null: nobody.
  member_id text,
  action text not null,
  detail jsonb not null,
  at timestamptz not null
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
