import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Looser policies that wait for a second person, and how often owners heard of a grant that ends. */
export class SecondLooks0023 implements MigrationInterface {
  readonly name = 'SecondLooks1700000000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- The change that waits, and who asked for it; null: none.
alter table environment add column proposal jsonb;
-- The stage, in days before its end, at which its owner heard of it last; null: never.
alter table approval_grant add column told_days int;
create index grant_by_end on approval_grant (expires_at) where status = 'active';
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
