import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KillSwitches0005 implements MigrationInterface {
  readonly name = 'KillSwitches1700000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- target: the id of a flow, connection or connector, the name of an environment, or a host as the broker compares it.
create table kill_switch (
  id text primary key,
  workspace_id text not null references workspace,
  kind text not null,
  target text not null,
  reason text not null,
  set_by text not null references member,
  set_at timestamptz not null default now(),
  released_by text references member,
  released_at timestamptz
);
create unique index kill_switch_on on kill_switch (workspace_id, kind, target) where released_at is null;
create index kill_switch_by_workspace on kill_switch (workspace_id, id desc);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
