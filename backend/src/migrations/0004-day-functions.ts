/*
 * How a day's tables are made. They are functions of the database because two must do it: the owner ahead of time, and the
 * program's own role in the middle of a flush that finds no place for its rows (a clock that jumped, a long sleep). Making
 * an empty table does no harm, so they run with the owner's rights; dropping one is left to the owner.
 *
 * A table is made apart and attached: ATTACH lets writers go on, CREATE ... PARTITION OF would stop them.
 */
export const dayFunctions = `
-- The first id of a day: ids begin with the milliseconds of their making, as 12 hexadecimal digits.
create function day_id(prefix text, day date) returns text language sql immutable as $$
  select prefix || '_' || lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0')
$$;

-- What is kept for more than 400 days lies in tables of 30 days each, so that no class has more than about 400.
create function days_a_table(keep int) returns int language sql immutable as $$
  select case when keep > 400 then 30 else 1 end
$$;

-- The tables for events, runs and payloads of a day that are kept for so many days. Safe to repeat.
create function make_run_days(keep int, day date) returns void
language plpgsql security definer set search_path from current as $$
declare
  home text := current_schema();
  days text := home || '_days';
  step int := days_a_table(keep);
  since date := date '1970-01-01' + (day - date '1970-01-01') / step * step;
  parent text; prefix text; sort text; key text; class text; leaf text;
begin
  if keep not between 1 and 3650 or abs(day - current_date) > 4000 then
    raise exception 'no tables are made for % days from %', keep, day using errcode = '22023';
  end if;
  if to_regclass(format('%I.%I', days, format('payload_k%s_%s', keep, to_char(since, 'YYYYMMDD')))) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(7310002);
  for parent, prefix, sort, key in values
    ('trigger_event', 'evt', 'id', 'id'),
    ('run', 'run', 'id', 'id'),
    ('payload', 'run', 'run_id', 'run_id, step_id, attempt, kind')
  loop
    class := format('%s_k%s', parent, keep);
    if to_regclass(format('%I.%I', days, class)) is null then
      execute format('create table %I.%I (like %I.%I including defaults) partition by range (%I)', days, class, home, parent, sort);
      execute format('alter table %I.%I attach partition %I.%I for values in (%s)', home, parent, days, class, keep);
    end if;
    leaf := class || to_char(since, '_YYYYMMDD');
    if to_regclass(format('%I.%I', days, leaf)) is null then
      execute format('create table %I.%I (like %I.%I including defaults, primary key (%s))', days, leaf, home, parent, key);
      execute format('alter table %I.%I attach partition %I.%I for values from (%L) to (%L)',
        days, class, days, leaf, day_id(prefix, since), day_id(prefix, since + step));
    end if;
  end loop;
end $$;

-- The tables for the log's blocks and entries that are written on a day. Safe to repeat.
create function make_log_days(day date) returns void
language plpgsql security definer set search_path from current as $$
declare
  home text := current_schema();
  days text := home || '_days';
  parent text; key text; leaf text;
begin
  if abs(day - current_date) > 4000 then
    raise exception 'no tables are made for %', day using errcode = '22023';
  end if;
  if to_regclass(format('%I.%I', days, to_char(day, '"audit_entry_"YYYYMMDD'))) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(7310002);
  for parent, key in values ('audit_block', 'lane, n'), ('audit_entry', 'lane, block, pos')
  loop
    leaf := parent || to_char(day, '_YYYYMMDD');
    if to_regclass(format('%I.%I', days, leaf)) is null then
      execute format('create table %I.%I (like %I.%I including defaults, primary key (%s))', days, leaf, home, parent, key);
      -- A guard on the parent says nothing to whoever names the table itself.
      execute format('create trigger append_only before update or delete or truncate on %I.%I for each statement execute function %I.audit_is_append_only()',
        days, leaf, home);
      execute format('alter table %I.%I attach partition %I.%I for values from (%L) to (%L)',
        home, parent, days, leaf, day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
    end if;
  end loop;
end $$;
`;
