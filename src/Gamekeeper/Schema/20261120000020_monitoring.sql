-- What the reports on slow statements and on columns read. Both functions run as the owner, who may see more than the callers do, and
-- show less than the owner sees: no value of a row, no word of another database.
-- Locks: none on existing tables; creates functions only.

-- The text of a statement without anything that may be somebody's. pg_stat_statements puts $1 for the constants of queries, but not of
-- utility statements (a password in CREATE ROLE), and not of a query that it first saw when it ended. So: of utility statements the first
-- words alone; of a query that still holds a quoted constant, the same; numbers become ?; of comments only the name our statements bear.
create function core.shown_statement(statement text)
returns text
language plpgsql
immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $fn$
declare
  name text := substring(statement from '^\s*(/\* [A-Za-z_][A-Za-z0-9_.]* \*/)');
  bare text := regexp_replace(regexp_replace(statement, '/\*.*?\*/', ' ', 'g'), '--[^\n]*', ' ', 'g');
  words text[];
begin
  bare := btrim(regexp_replace(bare, '\s+', ' ', 'g'));
  words := regexp_match(bare, '^\(*\s*([A-Za-z]+)(?: ([A-Za-z]+)(?![A-Za-z0-9_$"]))?');
  if lower(words[1]) in ('select', 'insert', 'update', 'delete', 'merge', 'with', 'values')
    and bare !~ '''|\$[A-Za-z_]|\$\$|/\*|\*/' then
    bare := regexp_replace(bare, '(?<![A-Za-z0-9_$"])[0-9][A-Za-z0-9_]*(\.[0-9][A-Za-z0-9_]*)?', '?', 'g');
    return concat_ws(' ', name, case when length(bare) > 1000 then left(bare, 1000) || ' …' else bare end);
  end if;
  return concat_ws(' ', name, words[1],
    case when lower(words[2]) in ('index', 'unique', 'table', 'view', 'materialized', 'role', 'user', 'function', 'trigger', 'policy',
      'extension', 'schema', 'sequence', 'type', 'database', 'local', 'session', 'transaction', 'concurrently') then words[2] end, '…');
end
$fn$;

-- The slowest statements of this database by their mean. The same statement of several roles counts as one.
-- Fails where the extension pg_stat_statements is missing or its library is not loaded; whoever asks looks first.
create function core.slow_statements(min_mean_ms double precision, most int)
returns table (query text, calls bigint, total_time double precision, mean_time double precision, row_count bigint, since timestamptz)
language plpgsql
stable security definer
set search_path = pg_catalog, pg_temp
as $fn$
declare
  place text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_stat_statements');
begin
  return query execute format(
    $sql$
      with counted as (
        select s.queryid, min(s.query) as text, sum(s.calls)::bigint as calls, sum(s.total_exec_time) as total, sum(s.rows)::bigint as row_count
        from %1$s.pg_stat_statements s
        where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
          and s.queryid is not null
        group by s.queryid
      )
      select core.shown_statement(c.text), c.calls, c.total, c.total / c.calls, c.row_count, (select i.stats_reset from %1$s.pg_stat_statements_info i)
      from counted c
      where c.calls > 0 and c.total / c.calls > $1
      order by c.total / c.calls desc, c.queryid
      limit $2
    $sql$, place)
  using min_mean_ms, most;
end
$fn$;

-- What the planner believes about the columns of these schemas, without the values it remembers. pg_stats hides tables whose row security
-- is forced from their owner too; provisioning lets the owner read the figures, and only those, past it.
create function core.column_statistics(in_schemas text[])
returns table (schema_name text, table_name text, column_name text, n_distinct real, null_fraction real, average_width int, correlation real)
language plpgsql
stable security definer
set search_path = pg_catalog, pg_temp
as $fn$
begin
  if has_column_privilege('pg_catalog.pg_statistic', 'stanumbers1', 'select') then
    return query
      select n.nspname::text, c.relname::text, a.attname::text, s.stadistinct, s.stanullfrac, s.stawidth,
        case 3 when s.stakind1 then s.stanumbers1[1] when s.stakind2 then s.stanumbers2[1] when s.stakind3 then s.stanumbers3[1]
          when s.stakind4 then s.stanumbers4[1] when s.stakind5 then s.stanumbers5[1] end
      from pg_statistic s
      join pg_class c on c.oid = s.starelid and c.relkind in ('r', 'p', 'm') and not c.relispartition
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = any (in_schemas)
      join pg_attribute a on a.attrelid = s.starelid and a.attnum = s.staattnum and not a.attisdropped
      where s.stainherit = (c.relkind = 'p');
  else
    return query
      select s.schemaname::text, s.tablename::text, s.attname::text, s.n_distinct, s.null_frac, s.avg_width, s.correlation
      from pg_stats s
      join pg_namespace n on n.nspname = s.schemaname and n.nspname = any (in_schemas)
      join pg_class c on c.relnamespace = n.oid and c.relname = s.tablename and not c.relispartition
      where s.inherited = (c.relkind = 'p');
  end if;
end
$fn$;

grant execute on function core.slow_statements(double precision, int) to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor;
grant execute on function core.column_statistics(text[]) to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor;
