import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What else a delivery began is found when a replay of it ends well. */
export class Replays0039 implements MigrationInterface {
  readonly name = 'Replays1700000000039';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create index run_again_of_event on run (event_id) where event_id is not null and started_by in ('retry', 'replay');
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
