-- What decides whether a cached value still counts: the epoch, and who may answer from a cache. docs/concepts/caching.md tells the protocol.
-- Locks: none on existing tables but core.login_sessions and core.accounts, share row exclusive, for a moment (triggers).

-- One row. A higher number voids every cached value of every node at once; the random name, which is part of every key in Redis, never
-- comes back, not even when this database is restored to an earlier state.
create table core.cache_epoch (
  only_row boolean not null default true,
  number bigint not null default 1,
  name text not null default substr(md5(gen_random_uuid()::text), 1, 16),
  cluster text not null default substr(md5(gen_random_uuid()::text), 1, 16),
  redis_run_id text,
  raised_at timestamptz not null default now(),
  reason text not null default 'first',
  constraint cache_epoch_pkey primary key (only_row),
  constraint cache_epoch_is_one check (only_row),
  constraint cache_epoch_number_positive check (number >= 1),
  constraint cache_epoch_name_format check (name ~ '^[0-9a-f]{16}$' and cluster ~ '^[0-9a-f]{16}$'),
  constraint cache_epoch_reason_length check (length(reason) between 1 and 200)
);
insert into core.cache_epoch default values;

comment on table core.cache_epoch is 'local: one row; which cached values count at all';
comment on column core.cache_epoch.only_row is 'internal: always true';
comment on column core.cache_epoch.number is 'internal: grows when all cached values are void; tells which epoch came later';
comment on column core.cache_epoch.name is 'internal: random, part of every key in Redis';
comment on column core.cache_epoch.cluster is 'internal: random, names the channels of this database in Redis; never changes';
comment on column core.cache_epoch.redis_run_id is 'internal: the run of the Redis server that holds this epoch''s values; null before the first';
comment on column core.cache_epoch.raised_at is 'internal: when it began';
comment on column core.cache_epoch.reason is 'internal: why the one before ended';

-- Nodes that may answer from a cache until their lease ends. A writer waits for each of them.
create table core.cache_nodes (
  id uuid not null,
  name text not null,
  epoch bigint not null,
  expires_at timestamptz not null,
  joined_at timestamptz not null default clock_timestamp(),
  constraint cache_nodes_pkey primary key (id),
  constraint cache_nodes_name_length check (length(name) between 1 and 200)
);
comment on table core.cache_nodes is 'local: one row a process that answers from a cache';
comment on column core.cache_nodes.id is 'internal: random, one a process';
comment on column core.cache_nodes.name is 'internal: machine and process, for whoever looks';
comment on column core.cache_nodes.epoch is 'internal: the epoch it has adopted: older values it no longer serves';
comment on column core.cache_nodes.expires_at is 'internal: from then on it serves nothing without a new lease';
comment on column core.cache_nodes.joined_at is 'internal: when it last joined; it serves nothing cached for the length of a lease after that';

-- The functions below are volatile, so that each of their statements sees what was committed before it.

create function core.cache_members(node uuid)
returns uuid[]
language sql
as $$ select coalesce(array_agg(id order by id), '{}') from core.cache_nodes where expires_at >= clock_timestamp() and id <> node $$;

-- A lease from now on. The share lock makes a renewal and the raising of an epoch wait for each other: once an epoch is raised, every
-- lease that was given under the one before is visible to whoever raised it. Whoever joins when nobody else holds a lease begins a new
-- epoch: until then nobody had to tell Redis of writes.
create function core.renew_cache_lease(node uuid, node_name text, adopted bigint, lease interval,
  out number bigint, out name text, out cluster text, out redis_run_id text, out joined boolean, out members uuid[])
language plpgsql
as $$
begin
  joined := not exists (select from core.cache_nodes n where n.id = node and n.expires_at >= clock_timestamp());
  if joined then
    -- It may have to raise the epoch, and two who share the lock could not both go on to that.
    select e.number, e.name, e.cluster, e.redis_run_id into number, name, cluster, redis_run_id from core.cache_epoch e for update;
  else
    select e.number, e.name, e.cluster, e.redis_run_id into number, name, cluster, redis_run_id from core.cache_epoch e for share;
    update core.cache_nodes n
    set epoch = adopted, expires_at = clock_timestamp() + lease
    where n.id = node and n.expires_at >= clock_timestamp();
    joined := not found;
  end if;
  members := core.cache_members(node);
  if joined then
    if members = '{}' then
      select r.number, r.name into number, name from core.raise_cache_epoch(redis_run_id, 'the first node joined') r;
    end if;
    delete from core.cache_nodes n where n.expires_at < clock_timestamp() - interval '1 hour';
    insert into core.cache_nodes (id, name, epoch, expires_at) values (node, node_name, 0, clock_timestamp() + lease)
    on conflict (id) do update set epoch = 0, expires_at = excluded.expires_at, joined_at = excluded.joined_at;
  end if;
end
$$;

-- For a process that writes and serves nothing from a cache.
create function core.read_cache_members(node uuid,
  out number bigint, out name text, out cluster text, out redis_run_id text, out joined boolean, out members uuid[])
language plpgsql
as $$
begin
  select e.number, e.name, e.cluster, e.redis_run_id into number, name, cluster, redis_run_id from core.cache_epoch e for share;
  joined := false;
  members := core.cache_members(node);
end
$$;

create function core.leave_cache(node uuid)
returns void
language sql
as $$ delete from core.cache_nodes where id = node $$;

-- Every cached value of every node is void once core.cache_stragglers() is empty.
create function core.raise_cache_epoch(run_id text, why text, out number bigint, out name text)
language plpgsql
as $$
begin
  update core.cache_epoch e
  set number = e.number + 1,
      name = substr(md5(gen_random_uuid()::text), 1, 16),
      redis_run_id = coalesce(run_id, e.redis_run_id),
      raised_at = clock_timestamp(),
      reason = left(why, 200)
  returning e.number, e.name into number, name;
end
$$;

create function core.cache_stragglers(node uuid, raised bigint)
returns uuid[]
language sql
as $$
  select coalesce(array_agg(id), '{}')
  from core.cache_nodes
  where epoch < raised and expires_at >= clock_timestamp() and id <> node
$$;

grant select, update on core.cache_epoch to gamekeeper_app;
grant select, insert, update, delete on core.cache_nodes to gamekeeper_app;
grant select on core.cache_epoch, core.cache_nodes to gamekeeper_readonly, gamekeeper_auditor;

-- What waits to be told, of every schema that has a table of invalidations; dynamic, since games come and go.
create function core.waiting_invalidations(older_than interval, most int)
returns table (schema_name text, id bigint, keys text[])
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  schema_with text;
begin
  for schema_with in
    select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = 'invalidations' and c.relkind = 'r' and has_table_privilege(c.oid, 'select') order by n.nspname
  loop
    return query execute format(
      'select %L::text, i.id, i.keys from %I.invalidations i where i.created_at <= clock_timestamp() - $1 order by i.id limit $2',
      schema_with, schema_with) using older_than, most;
  end loop;
end
$$;

create function core.forget_invalidations(schema_names text[], ids bigint[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  schema_with text;
begin
  for schema_with in select distinct s from unnest(schema_names) s order by s
  loop
    execute format(
      'delete from %I.invalidations where id = any (array(select i from unnest($1, $2) as given (s, i) where s = $3))', schema_with)
    using schema_names, ids, schema_with;
  end loop;
end
$$;

grant execute on function
  core.cache_members(uuid), core.renew_cache_lease(uuid, text, bigint, interval), core.read_cache_members(uuid), core.leave_cache(uuid),
  core.raise_cache_epoch(text, text), core.cache_stragglers(uuid, bigint), core.waiting_invalidations(interval, int),
  core.forget_invalidations(text[], bigint[])
to gamekeeper_app;

--@include cache.v1

-- A session's answer hangs on the session and on its account. last_used moves with every refresh and changes no answer.
create function core.invalidate_sessions()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform core.invalidate(array(
    select distinct 'core:session:{' || o.id || '}'
    from old_rows o left join new_rows n on n.id = o.id
    where (o.account_id, o.revoked, o.expires_at) is distinct from (n.account_id, n.revoked, n.expires_at)));
  return null;
end
$$;
create trigger login_sessions_invalidate_update after update on core.login_sessions
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.invalidate_sessions();

create function core.invalidate_removed_sessions()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform core.invalidate(array(select distinct 'core:session:{' || o.id || '}' from old_rows o));
  return null;
end
$$;
create trigger login_sessions_invalidate_delete after delete on core.login_sessions
  referencing old table as old_rows
  for each statement execute function core.invalidate_removed_sessions();

-- It looks for the sessions of whoever's account changed, on behalf of whoever changed it, be it psql.
create policy login_sessions_select_for_triggers on core.login_sessions
  for select to current_role using (true);

create function core.invalidate_account_sessions()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform core.invalidate(array(
    select distinct 'core:session:{' || s.id || '}'
    from old_rows o
    join new_rows n on n.id = o.id
    join core.login_sessions s on s.account_id = o.id
    where (o.roles, o.frozen_at, o.is_active) is distinct from (n.roles, n.frozen_at, n.is_active)
      and not s.revoked));
  return null;
end
$$;
create trigger accounts_invalidate_sessions after update on core.accounts
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.invalidate_account_sessions();
