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
