-- Monthly partitions, trails over all schemas, and the core's own journal.
-- Locks: none on existing tables; everything here is new.

-- Makes the partitions of a monthly table from last month to some months ahead. Security definer, so that the application role can
-- have them made without any right to DDL; the name is looked up and never executed unchecked. Repeating it changes nothing.
create function core.make_partitions(in_schema text, in_table text, months_ahead int)
returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Attaching waits for whoever locks the table against it, and everyone else would wait behind: rather fail soon and be run again.
set lock_timeout = '2s'
as $$
declare
  month date;
  made int := 0;
  partition text;
  parent oid := format('%I.%I', in_schema, in_table)::regclass;
begin
  if not exists (select from pg_partitioned_table where partrelid = parent and partstrat = 'r') then
    raise exception using errcode = '42809', message = format('%I.%I is not range-partitioned', in_schema, in_table);
  end if;
  if months_ahead not between 0 and 24 then
    raise exception using errcode = '22023', message = 'months_ahead takes 0 to 24';
  end if;
  for i in -1 .. months_ahead loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date;
    partition := in_table || to_char(month, '_YYYY_MM');
    if to_regclass(format('%I.%I', in_schema, partition)) is null then
      -- Made apart and attached: that lets reading and writing of the table go on, where PARTITION OF would stop both.
      execute format('create table %I.%I (like %I.%I including defaults including constraints)', in_schema, partition, in_schema, in_table);
      execute format(
        'alter table %I.%I attach partition %I.%I for values from (%L) to (%L)',
        in_schema, in_table, in_schema, partition,
        to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      -- Statement triggers of the parent do not fire for who addresses a partition.
      execute format(
        'create trigger %I before update or delete or truncate on %I.%I for each statement execute function core.refuse_change(%L)',
        in_table || '_is_append_only', in_schema, partition, in_table);
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;
revoke execute on function core.make_partitions(text, text, int) from public;
grant execute on function core.make_partitions(text, text, int) to gamekeeper_app;

-- One view over the row audit of every schema, one over the activity; made anew whenever a schema joins.
create function core.rebuild_trails()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  audit text;
  activity text;
begin
  select
    string_agg(format('select %L::text as schema_name, a.* from %I.audit_log a', n.nspname, n.nspname), ' union all ' order by n.nspname),
    string_agg(format('select %L::text as schema_name, a.* from %I.activity_log a', n.nspname, n.nspname), ' union all ' order by n.nspname)
  into audit, activity
  from pg_namespace n
  join pg_class c on c.relnamespace = n.oid and c.relname = 'audit_log' and c.relkind = 'p';
  drop view if exists core.audit_trail;
  drop view if exists core.activity_trail;
  if audit is not null then
    execute 'create view core.audit_trail with (security_invoker = true) as ' || audit;
    execute 'create view core.activity_trail with (security_invoker = true) as ' || activity;
    execute 'grant select on core.audit_trail, core.activity_trail to gamekeeper_auditor, gamekeeper_app';
  end if;
end
$$;
revoke execute on function core.rebuild_trails() from public;

--@include journal.v1
