import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each schedule has come, so that a time at which a flow did not run is noticed, and told once; and deliveries by their sender's id. */
export class Schedules0030 implements MigrationInterface {
  readonly name = 'Schedules1700000000030';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table schedule_mark (
  -- Flow, environment and trigger step: the same for each version.
  id text primary key,
  workspace_id text not null references workspace,
  flow_id text not null references flow,
  environment text not null,
  -- Each time up to it has started a run, or was passed over as the trigger says.
  decided_to timestamptz,
  -- Of the times up to it that started no run its owner has been told.
  told_to timestamptz,
  -- The last time that started a run.
  last_slot timestamptz,
  last_run text
);
-- What was missed before anybody kept count is told to nobody.
insert into schedule_mark (id, workspace_id, flow_id, environment, told_to)
select distinct d.flow_id || ':' || d.environment || ':' || (s ->> 'id'), d.workspace_id, d.flow_id, d.environment, now()
from deployment d join flow_version v on v.flow_id = d.flow_id and v.version = d.version,
  jsonb_array_elements(v.document::jsonb -> 'steps') s
where d.status = 'active' and s ->> 'kind' = 'trigger' and s ->> 'connector' = 'schedule';

create index trigger_event_by_message on trigger_event (workspace_id, message_id) where message_id is not null;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
