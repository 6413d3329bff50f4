import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key signs the log, and how it came to; see decision 33. */
export class LogKeys0026 implements MigrationInterface {
  readonly name = 'LogKeys1700000000026';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- Each key that took over from the one before, with the checkpoint by which that one says so. Public keys.
create table audit_key_rotation (
  version int primary key,
  size bigint not null,
  before text not null,
  key text not null,
  statement text not null,
  at timestamptz not null
);
create trigger audit_key_rotation_append_only before update or delete or truncate on audit_key_rotation
  for each statement execute function audit_is_append_only();

-- The size of the last checkpoint that a receiver of the log was told of.
alter table siem_cursor add column checkpoint bigint not null default 0;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
