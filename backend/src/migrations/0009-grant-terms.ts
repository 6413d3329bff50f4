import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GrantTerms0009 implements MigrationInterface {
  readonly name = 'GrantTerms1700000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- A grant that was given before connectors had a version matches none: what stood on it asks again.
alter table approval_grant
  add column connector_version text not null default '',
  -- The grant whose approval it goes on under: the need is the same or less.
  add column carried_from text references approval_grant,
  -- What makes it need a second approver where the environment's policy says so.
  add column high_risk jsonb not null default '[]',
  -- {callsPerSecond, burst}; null for no limit of its own.
  add column rate jsonb,
  -- Given by one person for an hour; somebody else looks at it afterwards.
  add column emergency boolean not null default false,
  add column reviewed_by text references member,
  add column reviewed_at timestamptz,
  add column review_note text;
create index grant_by_status on approval_grant (workspace_id, status, requested_at);
create index grant_by_deployment on approval_grant (deployment_id);

-- Each approver signs once; allows is what they left of it.
create table grant_signature (
  grant_id text not null references approval_grant,
  member_id text not null references member,
  signed_at timestamptz not null,
  reason text not null,
  allows jsonb not null,
  hash text not null,
  primary key (grant_id, member_id)
);

-- Calls under a grant, by day and by what they needed: what was never needed can be taken back.
create table grant_use (
  grant_id text not null references approval_grant,
  day date not null,
  step text not null,
  call text not null,
  host text not null,
  scopes text[] not null,
  fields text[] not null,
  calls bigint not null,
  last_used_at timestamptz not null,
  primary key (grant_id, day, step, call, host)
);
create index grant_use_by_day on grant_use (day);

-- Who saved the draft last; null: nobody since it was made, or since a version was published.
alter table flow add column edited_by text references member;
alter table flow_version add column edited_by text references member;

-- Since when a member may decide grants; null for whoever set the workspace up.
alter table member add column decider_since timestamptz;
update member set decider_since = created_at where roles && array['approver', 'admin', 'owner'];
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
