import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tree over all blocks of the log, and its signed checkpoints; see decision 21. */
export class Seal0013 implements MigrationInterface {
  readonly name = 'Seal1700000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- Blocks in the order in which they were sealed.
create table audit_leaf (
  index bigint primary key,
  lane text not null,
  n bigint not null,
  hash text not null,
  at timestamptz not null,
  unique (lane, n)
);
-- Complete subtrees: 2^level leaves from index * 2^level on. Level 0 is a leaf's own hash.
create table audit_node (
  level int not null,
  index bigint not null,
  hash bytea not null,
  primary key (level, index)
);
create table audit_checkpoint (
  size bigint primary key,
  root text not null,
  note text not null,
  at timestamptz not null
);

create trigger audit_leaf_append_only before update or delete or truncate on audit_leaf
  for each statement execute function audit_is_append_only();
create trigger audit_node_append_only before update or delete or truncate on audit_node
  for each statement execute function audit_is_append_only();
create trigger audit_checkpoint_append_only before update or delete or truncate on audit_checkpoint
  for each statement execute function audit_is_append_only();
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
