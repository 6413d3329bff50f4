import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person's data is looked for, and taken out of what was kept. */
export class Erasures0038 implements MigrationInterface {
  readonly name = 'Erasures1700000000038';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table erasure (
  id text primary key,
  workspace_id text not null references workspace,
  environment text not null,
  member_id text not null references member,
  reason text not null,
  -- What is looked for, while it is looked for.
  value_sealed text,
  from_at timestamptz not null,
  to_at timestamptz not null,
  status text not null check (status in ('searching', 'found', 'erasing', 'done', 'cancelled')),
  total int not null,
  looked int not null default 0,
  -- The last run that was looked at, from the newest to the oldest; null before the first.
  after_at timestamptz,
  after_id text,
  -- Whoever carries it says so anew with each step; another takes over once this is past.
  lease_until timestamptz,
  confirmed_by text references member,
  started_at timestamptz not null,
  ended_at timestamptz
);
create index erasure_by_workspace on erasure (workspace_id, started_at, id);

-- Where the value stands: a run, a delivery that began none, or a key of a flow's state. Never the value.
create table erasure_finding (
  erasure_id text not null references erasure,
  workspace_id text not null,
  environment text not null,
  kind text not null check (kind in ('run', 'delivery', 'state')),
  subject text collate "C" not null,
  flow_id text,
  places text[] not null,
  at timestamptz not null,
  erased_at timestamptz,
  -- Its run goes on: it is erased when that has ended and somebody asks again.
  is_open boolean not null default false,
  primary key (erasure_id, kind, subject)
);

-- What such a row carried is gone, its keys too.
alter table run add column erased_at timestamptz;
alter table trigger_event add column erased_at timestamptz;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
