import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who lost a right lately still counts where an act takes a second person; people see which hosts are taken for down. */
export class HeldLately0028 implements MigrationInterface {
  readonly name = 'HeldLately1700000000028';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- What somebody held before a change took some of it: roles, and until when.
alter table member add column held_lately jsonb not null default '[]';
-- Hosts that a broker takes for down, as it says: after the time one call looks whether the host is back.
create table host_pause (
  workspace_id text not null references workspace,
  host text not null,
  failures int not null,
  until timestamptz not null,
  primary key (workspace_id, host)
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
