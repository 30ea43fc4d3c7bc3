-- Inside the database, once; repeatable. Run as a superuser.

revoke create on schema public from public;

-- A function of ours is called by whom it was granted to. Without this everybody may call every new one, security definer ones too.
alter default privileges for role gamekeeper_owner revoke execute on functions from public;

-- Counts every statement by its text. Needs the library to be loaded with the server, and a superuser to be made.
do $$
begin
  if 'pg_stat_statements' = any (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ',')) then
    create extension if not exists pg_stat_statements with schema public;
  end if;
end
$$;

-- As it comes, everybody may read it, and a role sees its own statements in every database of the server. Here those may who may read all
-- statistics; the application asks core.slow_statements, which tells of this database only.
do $$
declare
  place text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_stat_statements');
begin
  -- Where a provider keeps the superuser to itself the rest still works: the reports then say what they cannot see.
  if place is not null and (select rolsuper from pg_roles where rolname = current_user) then
    execute format('revoke all on %1$s.pg_stat_statements, %1$s.pg_stat_statements_info from public', place);
    execute format('revoke execute on function %1$s.pg_stat_statements(boolean), %1$s.pg_stat_statements_info() from public', place);
    execute format('grant select on %1$s.pg_stat_statements, %1$s.pg_stat_statements_info to pg_read_all_stats', place);
    execute format('grant execute on function %1$s.pg_stat_statements(boolean), %1$s.pg_stat_statements_info() to pg_read_all_stats', place);
  end if;
end
$$;

-- The planner's figures about columns, of tables with forced row security too, without the values it has seen there.
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    grant select (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
        stakind1, stakind2, stakind3, stakind4, stakind5, stanumbers1, stanumbers2, stanumbers3, stanumbers4, stanumbers5)
      on pg_catalog.pg_statistic to gamekeeper_owner;
  end if;
end
$$;
