import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Triggers that ask for news: how far each has come. */
export class Polls0031 implements MigrationInterface {
  readonly name = 'Polls1700000000031';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table poll (
  -- flow:environment:step, which is also what its events are counted by.
  id text primary key,
  workspace_id text not null references workspace (id),
  flow_id text not null references flow (id),
  environment text not null,
  step_id text not null,
  -- What is looked at, by a hash: another place begins anew.
  place text not null,
  -- JSON of the trigger's own making, without content; null before the first look.
  cursor text,
  -- Counts the looks. Who has an old number writes nothing.
  turn int not null default 0,
  due_at timestamptz not null default now(),
  -- A process looks; after this it is believed to be gone.
  busy_until timestamptz,
  looked_at timestamptz,
  -- code, message, since, times.
  trouble jsonb
);
create index poll_of_flow on poll (flow_id);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
