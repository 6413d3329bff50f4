import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told of a member's access, so that it is told once. */
export class AccessTold0041 implements MigrationInterface {
  readonly name = 'AccessTold1700000000041';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table member add column access_told text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
