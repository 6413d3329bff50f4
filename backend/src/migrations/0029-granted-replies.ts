import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What of a service's answers comes in is part of a grant and of its hash. Of grants given before nobody said so: they
 * have none, match no hash, and what stood on them asks once more (decision 37).
 */
export class GrantedReplies0029 implements MigrationInterface {
  readonly name = 'GrantedReplies1700000000029';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
update approval_grant set asks = asks || '{"replies": []}', allows = allows || '{"replies": []}';
update grant_signature set allows = allows || '{"replies": []}';
update approval_grant set decided_changes = jsonb_set(decided_changes, '{active,allows,replies}', '[]')
  where decided_changes #> '{active,allows}' is not null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
