import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every table of the first release. Times are timestamptz, ids are text with a prefix, names are the product's words. */
export class House0001 implements MigrationInterface {
  readonly name = 'House1700000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table workspace (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table environment (
  id text primary key,
  workspace_id text not null references workspace,
  name text not null,
  position int not null,
  policy jsonb not null,
  unique (workspace_id, name)
);

create table member (
  id text primary key,
  workspace_id text not null references workspace,
  email text not null,
  name text not null,
  roles text[] not null,
  password_hash text,
  totp_sealed text,
  totp_pending_sealed text,
  totp_last_step bigint,
  totp_enrolled_at timestamptz,
  wrong_codes int not null default 0,
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, email)
);

create table recovery_code (
  member_id text not null references member,
  hash text not null,
  used_at timestamptz,
  primary key (member_id, hash)
);

-- One-time links: the first owner's (no member yet) and those of invited members. Only the hash is kept.
create table setup_link (
  hash text primary key,
  member_id text references member,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- The shape connect-pg-simple reads and writes; member_id is generated so that sessions can be listed and revoked.
create table session (
  sid text primary key,
  sess json not null,
  expire timestamptz not null,
  member_id text generated always as (sess ->> 'memberId') stored
);
create index session_by_member on session (member_id);
create index session_by_expire on session (expire);

-- Fixed windows of the rate limiter (rate-limiter-flexible's own shape).
create table rate_limit (
  key text primary key,
  points int not null default 0,
  expire bigint
);

-- Answers kept for repeated writes with the same Idempotency-Key.
create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash text not null,
  status int,
  body text,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

-- Wrapped keys: the root key wraps one key per workspace, environment and purpose.
create table wrapped_key (
  workspace_id text not null,
  environment text not null,
  purpose text not null,
  version int not null,
  wrapped text not null,
  root_fingerprint text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, environment, purpose, version)
);

create table flow (
  id text primary key,
  workspace_id text not null references workspace,
  name text not null,
  owner_id text not null references member,
  -- json, not jsonb: the order in which a person put a step's fields is kept.
  draft json not null,
  revision int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  removed_at timestamptz
);
create index flow_by_workspace on flow (workspace_id, updated_at desc);

create table flow_version (
  flow_id text not null references flow,
  version int not null,
  workspace_id text not null references workspace,
  hash text not null,
  document json not null,
  manifest jsonb not null,
  note text,
  created_by text not null references member,
  created_at timestamptz not null default now(),
  primary key (flow_id, version)
);

create table connection (
  id text primary key,
  workspace_id text not null references workspace,
  environment text not null,
  connector text not null,
  name text not null,
  auth_kind text not null,
  config jsonb not null,
  hosts text[] not null,
  owner_id text not null references member,
  secret_version int not null default 1,
  last_test jsonb,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  rotated_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index connection_by_workspace on connection (workspace_id, environment);

-- Read by the broker alone.
create table connection_secret (
  connection_id text not null references connection,
  version int not null,
  sealed text not null,
  created_at timestamptz not null default now(),
  primary key (connection_id, version)
);

create table deployment (
  id text primary key,
  workspace_id text not null references workspace,
  flow_id text not null references flow,
  environment text not null,
  version int not null,
  bindings jsonb not null,
  status text not null,
  reason text,
  created_by text not null references member,
  created_at timestamptz not null default now(),
  activated_at timestamptz,
  foreign key (flow_id, version) references flow_version
);
create unique index deployment_active on deployment (flow_id, environment) where status = 'active';

create table approval_grant (
  id text primary key,
  workspace_id text not null references workspace,
  flow_id text not null references flow,
  version int not null,
  environment text not null,
  slot text not null,
  connector text not null,
  connection_id text not null references connection,
  deployment_id text not null references deployment,
  hash text not null,
  asks jsonb not null,
  allows jsonb,
  status text not null,
  reason text,
  requested_by text not null references member,
  requested_at timestamptz not null default now(),
  decided_by text references member,
  decided_at timestamptz,
  decision_reason text,
  decided_changes jsonb,
  expires_at timestamptz
);
create index grant_by_flow on approval_grant (flow_id, environment, slot);
create unique index grant_active on approval_grant (flow_id, environment, slot) where status = 'active';

create table endpoint (
  id text primary key,
  workspace_id text not null references workspace,
  flow_id text not null references flow,
  environment text not null,
  step_id text not null,
  scheme text not null,
  config jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (flow_id, environment, step_id)
);

-- At most two live: the current one and, for a day after a rotation, the one before.
create table endpoint_secret (
  endpoint_id text not null references endpoint,
  version int not null,
  sealed text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (endpoint_id, version)
);

-- The inbox: every delivery, refused ones too.
create table trigger_event (
  id text primary key,
  workspace_id text,
  flow_id text,
  environment text,
  endpoint_id text not null,
  scheme text,
  status text not null,
  reason_code text,
  reason_message text,
  message_id text,
  dedupe_key text,
  first_id text,
  run_id text,
  address text,
  bytes int not null,
  checks jsonb not null,
  body_sealed text,
  received_at timestamptz not null
);
create unique index trigger_event_once on trigger_event (endpoint_id, dedupe_key) where status = 'accepted';
create index trigger_event_by_workspace on trigger_event (workspace_id, received_at desc);

create table run (
  id text primary key,
  workspace_id text not null,
  flow_id text not null,
  version int not null,
  environment text not null,
  deployment_id text not null,
  event_id text,
  started_by text not null,
  status text not null,
  -- The process that carries it; null when parked. Raised by one at each take-over: writes of an old epoch are refused.
  owner text,
  epoch int not null default 0,
  -- Key of its payloads, wrapped by the environment's payload key: dropping it shreds them.
  payload_key text not null,
  error jsonb,
  started_at timestamptz not null,
  ended_at timestamptz,
  due_at timestamptz
);
create index run_by_workspace on run (workspace_id, started_at desc);
create index run_by_flow on run (flow_id, started_at desc);
create index run_open on run (owner, id) where ended_at is null;

-- Inputs and outputs, encrypted with the run's key. kind: event, input, output, error.
create table payload (
  run_id text not null,
  step_id text not null,
  attempt int not null,
  kind text not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (run_id, step_id, attempt, kind)
);

-- One heartbeat row a process. Runs whose owner has no row are taken over; run_open finds them.
create table process (
  id text primary key,
  roles text[] not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- The chained log. body is the canonical JSON that was hashed; the columns beside it are copies to search by.
create table audit_block (
  lane text not null,
  n bigint not null,
  prev text not null,
  root text not null,
  count int not null,
  hash text not null,
  at timestamptz not null,
  primary key (lane, n)
);
create table audit_entry (
  lane text not null,
  block bigint not null,
  pos int not null,
  id text not null,
  workspace_id text,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text,
  environment text,
  run_id text,
  step_id text,
  attempt int,
  body text not null,
  primary key (lane, block, pos)
);
create index audit_entry_by_run on audit_entry (run_id, lane, block, pos) where run_id is not null;
create index audit_entry_by_workspace on audit_entry (workspace_id, at desc, id desc);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
end $$;
-- Aborts a flush that holds writes for runs that its process no longer carries; the detail names them.
create function journal_refuse(runs text[]) returns void language plpgsql as $$
begin
  if cardinality(runs) > 0 then
    raise exception 'carried by another process' using errcode = 'SL001', detail = array_to_string(runs, ',');
  end if;
end $$;

create trigger audit_block_append_only before update or delete or truncate on audit_block
  for each statement execute function audit_is_append_only();
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function audit_is_append_only();
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
