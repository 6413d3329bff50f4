import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people are told of, how it reaches them, and a second person for letting go of a kill switch. */
export class Notices0012 implements MigrationInterface {
  readonly name = 'Notices1700000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- What somebody has to hear of, written with what happened and gone as soon as it is spread to those it concerns.
create table notice_cause (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  kind text not null,
  -- {kind, id, name?, flow?, environment?, run?, step?}
  about jsonb not null,
  -- {flow?, roles?, members?, except?}
  audience jsonb not null,
  -- Names and counts, never a value that a run carried.
  detail jsonb not null,
  at timestamptz not null
);

-- What one member is told. While it is unread, more of the same raises its count.
create table notice (
  id text primary key,
  workspace_id text not null references workspace,
  member_id text not null references member,
  kind text not null,
  key text not null,
  about jsonb not null,
  detail jsonb not null,
  count int not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  read_at timestamptz
);
create unique index notice_unread on notice (member_id, key) where read_at is null;
create index notice_by_member on notice (member_id, last_at desc, id desc);
create index notice_by_age on notice (last_at);

-- A mail to a member or, without one, a call of the workspace's webhook. It is due at once, or as a digest later.
create table notice_delivery (
  id text primary key,
  workspace_id text not null references workspace,
  member_id text references member,
  channel text not null,
  kind text not null,
  key text not null,
  about jsonb not null,
  detail jsonb not null,
  count int not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  status text not null default 'due',
  attempts int not null default 0,
  due_at timestamptz not null,
  error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index notice_delivery_due on notice_delivery (due_at) where status = 'due';
create index notice_delivery_by_key on notice_delivery (workspace_id, key, channel, created_at desc);
create index notice_delivery_failed on notice_delivery (workspace_id, ended_at desc) where status = 'failed';
create index notice_delivery_by_age on notice_delivery (created_at);

-- What a member wants to hear of; a kind without a row is told everywhere.
create table notice_preference (
  member_id text not null references member,
  kind text not null,
  bell boolean not null,
  mail boolean not null,
  primary key (member_id, kind)
);

-- Members who hear of a flow with its owner.
create table flow_deputy (
  flow_id text not null references flow,
  member_id text not null references member,
  workspace_id text not null references workspace,
  added_by text not null references member,
  added_at timestamptz not null default now(),
  primary key (flow_id, member_id)
);
create index flow_deputy_by_member on flow_deputy (member_id);

create table notice_webhook (
  workspace_id text primary key references workspace,
  url text not null,
  kinds text[] not null,
  secret_version int not null,
  set_by text not null references member,
  set_at timestamptz not null default now()
);
-- Read by the broker alone.
create table notice_webhook_secret (
  workspace_id text not null references notice_webhook on delete cascade,
  version int not null,
  sealed text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, version)
);

-- Where four eyes are asked for: the first of the two who let go.
alter table kill_switch add column lift_asked_by text references member, add column lift_asked_at timestamptz;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
