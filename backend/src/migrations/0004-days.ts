import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dayFunctions } from './0004-day-functions.js';

/** Makes a table of one day's rows out of each table that grows with traffic; see decision 9. */
export class Days0004 implements MigrationInterface {
  readonly name = 'Days1700000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(dayFunctions);
    await queryRunner.query(`
do $$ begin execute format('create schema %I', current_schema() || '_days'); end $$;

-- Which delivery of a key came first. A key must be unique over all days, so it has a table of its own; it ends a month later.
create table event_key (
  endpoint_id text not null,
  dedupe_key text not null,
  event_id text not null,
  run_id text,
  kept_until timestamptz not null,
  constraint event_key_once primary key (endpoint_id, dedupe_key)
);
create index event_key_by_end on event_key (kept_until);

-- The last blocks of each lane that were dropped: a chain goes on from there. Entries "log.dropped" say the same.
create table audit_drop (
  lane text primary key,
  first bigint not null,
  n bigint not null,
  prev text not null,
  hash text not null
);

-- What each workspace stored: by how long it is kept (0: in the log) and the day whose tables hold it.
create table stored_bytes (
  workspace_id text not null,
  keep_days int not null,
  day date not null,
  bytes bigint not null,
  primary key (workspace_id, keep_days, day)
);
alter table workspace add column storage_state text not null default 'ok';
insert into stored_bytes
select r.workspace_id, 90, r.started_at::date, sum(octet_length(p.sealed) + 500)
from run r join payload p on p.run_id = r.id group by 1, 3;

insert into event_key
select endpoint_id, dedupe_key, id, run_id, received_at + interval '30 days'
from trigger_event where status = 'accepted' and dedupe_key is not null;
drop index trigger_event_once;

alter table trigger_event add column keep_days int not null default 90;
alter table run add column keep_days int not null default 90;
alter table payload add column keep_days int not null default 90;
-- A large one lies in the blob store, under this name.
alter table payload alter column sealed drop not null, add column blob text, add check ((sealed is null) <> (blob is null));
alter table audit_entry add column stored_at timestamptz;
alter table audit_entry disable trigger audit_entry_append_only;
update audit_entry e set stored_at = b.at from audit_block b where b.lane = e.lane and b.n = e.block;
alter table audit_entry alter column stored_at set not null;
drop index audit_entry_by_workspace;
-- Read backwards: what grows at its right end fills its pages, what grows at its left end leaves them half empty.
create index audit_entry_by_workspace on audit_entry (workspace_id, stored_at, id);
drop index trigger_event_by_workspace;
create index trigger_event_by_workspace on trigger_event (workspace_id, received_at);
drop index run_by_workspace;
create index run_by_workspace on run (workspace_id, started_at);
drop index run_by_flow;
create index run_by_flow on run (flow_id, started_at);

-- Ids are compared by their bytes, whatever the database's own order of text is. Defaults were for what is here already.
do $$
declare
  days text := current_schema() || '_days';
  parent text; sort text; key text; indexes text[]; statement text; day record;
begin
  for parent, sort, key in values
    ('trigger_event', 'id', 'id'), ('run', 'id', 'id'), ('payload', 'run_id', 'run_id, step_id, attempt, kind')
  loop
    execute format('alter table %I alter column %I type text collate "C", alter column keep_days drop default', parent, sort);
  end loop;
  for parent, sort in values
    ('trigger_event', 'list (keep_days)'), ('run', 'list (keep_days)'), ('payload', 'list (keep_days)'),
    ('audit_block', 'range (at)'), ('audit_entry', 'range (stored_at)')
  loop
    select array_agg(pg_get_indexdef(indexrelid)) into indexes
    from pg_index where indrelid = parent::regclass and not indisprimary;
    execute format('alter table %I rename to %I', parent, parent || '_whole');
    execute format('create table %I (like %I including defaults) partition by %s', parent, parent || '_whole', sort);
    foreach statement in array coalesce(indexes, '{}') loop
      execute format('drop index %I', substring(statement from 'INDEX (\\S+) ON'));
      execute statement;
    end loop;
  end loop;
  -- Rows of runs that outlive their day are moved here when it is dropped.
  for parent, key in values ('trigger_event', 'id'), ('run', 'id'), ('payload', 'run_id, step_id, attempt, kind')
  loop
    execute format('create table %I.%I (like %I including defaults, primary key (%s))', days, parent || '_held', parent, key);
    execute format('alter table %I attach partition %I.%I for values in (0)', parent, days, parent || '_held');
  end loop;
  for day in
    select distinct to_timestamp(('x' || substr(id, 5, 12))::bit(48)::bigint / 1000.0)::date as at
    from (select id from trigger_event_whole union all select id from run_whole union all select run_id from payload_whole) ids
  loop
    perform make_run_days(90, day.at);
  end loop;
  for day in select distinct at::date as at from audit_block_whole loop
    perform make_log_days(day.at);
  end loop;
end $$;

insert into trigger_event select * from trigger_event_whole;
insert into run select * from run_whole;
insert into payload select * from payload_whole;
insert into audit_block select * from audit_block_whole;
insert into audit_entry select * from audit_entry_whole;
drop table trigger_event_whole, run_whole, payload_whole, audit_block_whole, audit_entry_whole;

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
