-- Which cached values a transaction of {schema} makes old, written by it and gone once every node knows. Triggers beside the tables write
-- here, so that no path of writing can forget it. Never changed, only followed by a v2.
create table {schema}.invalidations (
  id bigint generated always as identity,
  keys text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint invalidations_pkey primary key (id),
  constraint invalidations_keys_some check (cardinality(keys) > 0)
);
-- Rows live for a moment; without this the dead ones of a busy hour would be read again and again.
alter table {schema}.invalidations set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

comment on table {schema}.invalidations is 'local: cached values that a committed write made old, until every node has dropped them';
comment on column {schema}.invalidations.id is 'internal: order of writing, not of commit';
comment on column {schema}.invalidations.keys is 'internal: keys of the cache: names of kinds and ids, never personal text';
comment on column {schema}.invalidations.created_at is 'internal: when the write happened';

-- Also remembers what it wrote in a setting of the transaction, which the writer reads with its commit: so it knows at once what to tell
-- and need not look for it. Records end in U+001E, their parts in U+001F. Too much of it, or a key with one of these characters in it,
-- becomes '*': then everything cached is void.
create function {schema}.invalidate(of_keys text[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  row_id bigint;
  so_far text;
begin
  if of_keys is null or of_keys = '{}' then
    return;
  end if;
  insert into {schema}.invalidations (keys) values (of_keys) returning id into row_id;
  so_far := coalesce(current_setting('app.invalidated', true), '');
  if so_far = '*' then
    return;
  end if;
  if cardinality(of_keys) > 2000 or length(so_far) > 200000 or array_to_string(of_keys, '') ~ E'[\x1e\x1f]' then
    perform set_config('app.invalidated', '*', true);
  else
    perform set_config('app.invalidated',
      so_far || '{schema}' || E'\x1f' || row_id || E'\x1f' || array_to_string(of_keys, E'\x1f') || E'\x1e', true);
  end if;
end
$$;
revoke execute on function {schema}.invalidate(text[]) from public;

grant select, delete on {schema}.invalidations to gamekeeper_app;
grant select on {schema}.invalidations to gamekeeper_readonly, gamekeeper_auditor;
