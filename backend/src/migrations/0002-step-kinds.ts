import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What loops, approvals, callbacks, subflows, state and retries of runs need. */
export class StepKinds0002 implements MigrationInterface {
  readonly name = 'StepKinds1700000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
alter table run
  -- The step of another run that began this one; parent_waits when that step hears of its end.
  add column parent_run text,
  add column parent_step text,
  add column parent_waits boolean not null default false,
  -- How many runs above it began each other: they may not do so for ever.
  add column depth int not null default 0,
  add column retry_of text,
  -- Whose idempotency keys it uses: its own id, or that of the first run that it tries again.
  add column origin text;
create index run_by_parent on run (parent_run) where parent_run is not null;

-- Steps that wait for an answer from outside of their run. A callback may be answered before its step is reached:
-- then asked_at is empty. Question and answer are sealed with the environment's payload key.
create table ask (
  run_id text not null,
  -- Id of the step and, in a loop, the pass: line[3].
  step_key text not null,
  kind text not null,
  workspace_id text not null,
  environment text not null,
  flow_id text not null,
  -- Roles that may decide, with commas between them.
  deciders text not null default '',
  question bytea,
  child_run text,
  asked_at timestamptz,
  until timestamptz,
  answered_at timestamptz,
  answer bytea,
  primary key (run_id, step_key)
);
create index ask_open on ask (workspace_id, asked_at) where answered_at is null and kind = 'approval';

-- What flows remember between runs. The key's name is only known as an HMAC: it may be somebody's e-mail.
create table flow_state (
  workspace_id text not null references workspace,
  flow_id text not null references flow,
  environment text not null,
  key_hash text not null,
  value bytea not null,
  expires_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (flow_id, environment, key_hash)
);
-- What a state step of a run gave, so that it is done once however often it is asked.
create table flow_state_write (
  run_id text not null,
  step_key text not null,
  result bytea not null,
  created_at timestamptz not null default now(),
  primary key (run_id, step_key)
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
