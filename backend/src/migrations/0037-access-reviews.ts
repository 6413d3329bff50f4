import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who looked at what a member may do, and what they saw. */
export class AccessReviews0037 implements MigrationInterface {
  readonly name = 'AccessReviews1700000000037';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table access_review (
  id text primary key,
  workspace_id text not null references workspace,
  member_id text not null references member,
  by_id text not null references member check (by_id <> member_id),
  at timestamptz not null,
  -- Names roles, roles in environments and tokens as they stood.
  seen text not null,
  note text
);
create index access_review_by_member on access_review (member_id, at);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
