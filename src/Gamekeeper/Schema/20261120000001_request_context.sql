-- What every transaction knows of its request, and what every table leans on.
-- Locks: none on existing tables; creates functions only.

-- Named so that a conformance check finds them; gen_random_uuid() is built in, so nothing of ours calls them.
create extension if not exists "uuid-ossp" with schema public;
create extension if not exists pgcrypto with schema public;
create extension if not exists pg_trgm with schema public;

-- A literal SET LOCAL, and not set_config(): only the former travels to the nodes of a distributed database. Returns the request id.
create function core.set_actor(actor uuid, kind text, request uuid)
returns uuid
language plpgsql
as $$
begin
  execute format('set local app.current_user_id = %L', coalesce(actor::text, ''));
  execute format('set local app.current_actor_kind = %L', kind);
  execute format('set local app.current_request_id = %L', request::text);
  return request;
end
$$;

-- A setting that was once set on a pooled connection comes back as an empty string, not as null.
create function core.current_actor()
returns uuid
language sql
stable parallel safe
as $$ select nullif(current_setting('app.current_user_id', true), '')::uuid $$;

create function core.current_actor_kind()
returns text
language sql
stable parallel safe
as $$ select nullif(current_setting('app.current_actor_kind', true), '') $$;

create function core.current_request()
returns uuid
language sql
stable parallel safe
as $$ select nullif(current_setting('app.current_request_id', true), '')::uuid $$;

-- True for anyone but a player: row security lets these act on rows that are not their own.
create function core.is_trusted()
returns boolean
language sql
stable parallel safe
as $$ select core.current_actor_kind() in ('system', 'service', 'operator') $$;

create function core.update_updated_at()
returns trigger
language plpgsql
as $$
begin
  new.updated_at = now();
  return new;
end
$$;

-- A write that touched fewer rows than it was decided for must not commit. SQLSTATE GK001 carries the name of what was expected.
create function core.expect(actual bigint, expected bigint, what text)
returns boolean
language plpgsql
as $$
begin
  if actual is distinct from expected then
    raise exception using
      errcode = 'GK001',
      message = format('%s: %s rows instead of %s', what, actual, expected);
  end if;
  return true;
end
$$;

-- Refuses every UPDATE, DELETE and TRUNCATE of an append-only table, whoever asks: besides the grants, against our own mistakes.
create function core.refuse_change()
returns trigger
language plpgsql
as $$
begin
  raise exception using
    errcode = '42501',
    message = format('%s.%s is append-only', tg_table_schema, tg_argv[0]);
end
$$;

-- Keys never change: audit rows, histories and links point to them.
create function core.refuse_key_change()
returns trigger
language plpgsql
as $$
begin
  raise exception using
    errcode = '42501',
    message = format('the key of %s.%s never changes', tg_table_schema, tg_argv[0]);
end
$$;

grant usage on schema core to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor, gamekeeper_search;
grant execute on all functions in schema core to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor, gamekeeper_search;
