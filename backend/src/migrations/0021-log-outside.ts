import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What leaves the machine of the log, and how many checkpoints stay; see decision 27. */
export class LogOutside0021 implements MigrationInterface {
  readonly name = 'LogOutside1700000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- The last checkpoint that each witness cosigned.
create table audit_witness (
  name text primary key,
  size bigint not null,
  root text not null,
  note text not null,
  at timestamptz not null
);
-- How far each receiver of the log is: the leaf of the tree that it takes next.
create table siem_cursor (
  sink text primary key,
  next bigint not null,
  at timestamptz not null
);

/*
 * Of checkpoints older than a day one a minute stays, of those older than a month one an hour. A tree's root at any size
 * can be made from its nodes, so nothing is proven less; the trigger lets nothing else go, whoever asks.
 */
drop trigger audit_checkpoint_append_only on audit_checkpoint;
create trigger audit_checkpoint_append_only before update or truncate on audit_checkpoint
  for each statement execute function audit_is_append_only();
create function audit_checkpoint_stays() returns trigger language plpgsql set search_path from current as $$
declare
  span text := case when old.at < now() - interval '30 days' then 'hour' else 'minute' end;
begin
  if old.at < now() - interval '1 day' and exists (
    select from audit_checkpoint later
    where later.size > old.size and later.at < now() - interval '1 day'
      and date_trunc(span, later.at) = date_trunc(span, old.at)
  ) then
    return old;
  end if;
  raise exception 'the audit log is append-only: this checkpoint stays' using errcode = '42501';
end $$;
create trigger audit_checkpoint_stays before delete on audit_checkpoint
  for each row execute function audit_checkpoint_stays();
create index audit_checkpoint_by_time on audit_checkpoint (at);

-- Lets go what may go; answers how many that were.
create function thin_checkpoints() returns bigint
language sql security definer set search_path from current as $$
  with gone as (
    delete from audit_checkpoint c using (
      select size, max(size) over (partition by
        date_trunc(case when at < now() - interval '30 days' then 'hour' else 'minute' end, at),
        at < now() - interval '30 days') as last
      from audit_checkpoint where at < now() - interval '1 day'
    ) x
    where c.size = x.size and x.size < x.last returning 1)
  select count(*) from gone
$$;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
