import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log by who, what and about what, among millions of entries that runs write of themselves. Those are in none of these
 * indexes, so a run pays nothing for them (`quietAction` and `quietActor` in features/audit say the same to the planner).
 */
export class LogSearch0027 implements MigrationInterface {
  readonly name = 'LogSearch1700000000027';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create index audit_entry_by_actor on audit_entry (workspace_id, actor, stored_at, id) where left(actor, 4) <> 'run_';
create index audit_entry_by_action on audit_entry (workspace_id, action text_pattern_ops, stored_at, id)
  where action not in ('run.started', 'run.parked', 'run.resumed', 'run.finished', 'step.intent', 'step.outcome', 'step.succeeded', 'step.skipped', 'step.started');
create index audit_entry_by_subject on audit_entry (workspace_id, subject, stored_at, id) where subject is not null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
