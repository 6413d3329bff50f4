import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StopsAndLimits0005 implements MigrationInterface {
  readonly name = 'StopsAndLimits1700000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- target: the id of a flow, connection or connector, the name of an environment, or a host as the broker compares it.
create table kill_switch (
  id text primary key,
  workspace_id text not null references workspace,
  kind text not null,
  target text not null,
  reason text not null,
  set_by text not null references member,
  -- The broker says who stopped a call, and reads no members.
  set_by_name text not null,
  set_at timestamptz not null default now(),
  released_by text references member,
  released_at timestamptz
);
create unique index kill_switch_on on kill_switch (workspace_id, kind, target) where released_at is null;
create index kill_switch_by_workspace on kill_switch (workspace_id, id desc);

-- {callsPerSecond, burst}; null for no limit.
alter table connection add column limits jsonb;

-- What all processes together have left of a limit. Lost in a crash, a bucket is full again and nothing else.
create unlogged table rate_bucket (
  key text primary key,
  tokens float8 not null,
  filled_at timestamptz not null,
  -- When the last caller that found it empty was told to come back.
  next_at timestamptz not null,
  -- Until then the service itself takes no calls (its Retry-After).
  held_until timestamptz
);

-- Takes up to wanted tokens for so many callers. Those that get none are told to come back one after the other, the first
-- of them in wait_seconds, none later than in ten minutes: who waited may be gone by then.
create function take_tokens(bucket text, rate float8, burst float8, wanted int, callers int)
  returns table (taken int, wait_seconds float8) language plpgsql as $$
declare
  b rate_bucket;
  at timestamptz;
  filled float8;
  first_at timestamptz;
  last_at timestamptz;
begin
  insert into rate_bucket (key, tokens, filled_at, next_at)
    values (bucket, burst, clock_timestamp(), clock_timestamp()) on conflict (key) do nothing;
  select * into b from rate_bucket where key = bucket for update;
  at := clock_timestamp();
  filled := least(burst, b.tokens + rate * greatest(0, extract(epoch from at - b.filled_at)));
  taken := least(floor(filled), wanted);
  first_at := greatest(at + make_interval(secs => (1 - (filled - taken)) / rate), b.next_at + make_interval(secs => 1 / rate));
  first_at := least(first_at, at + interval '10 minutes');
  last_at := least(first_at + make_interval(secs => greatest(0, callers - taken - 1) / rate), at + interval '10 minutes');
  wait_seconds := extract(epoch from first_at - at);
  update rate_bucket set tokens = filled - taken, filled_at = at,
    next_at = case when taken < callers then last_at else next_at end
    where key = bucket;
  return next;
end $$;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
