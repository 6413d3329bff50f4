import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the log's check of itself found last: all processes stop sealing by it, and the audit screen says when it was. */
export class SelfCheck0033 implements MigrationInterface {
  readonly name = 'SelfCheck1700000000033';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table audit_self_check (
  one boolean primary key default true check (one),
  at timestamptz not null,
  -- How much was hashed again.
  blocks int not null,
  entries int not null,
  -- The first leaf that does not fit, and why; null: all fitted.
  bad bigint,
  why text
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
