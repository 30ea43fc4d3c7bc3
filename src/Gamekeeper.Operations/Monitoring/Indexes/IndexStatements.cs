using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring.Indexes;

internal sealed record ReadIndexes(string[] Schemas) : IQuery<ReadIndexes, IndexFacts>
{
    // A partition's own index that follows its parent's is counted with that. oidvector and int2vector count from 0.
    public static string Sql =>
        """
        select i.indrelid, n.nspname, t.relname, x.relname, format('%I.%I', n.nspname, x.relname), format('%I.%I', n.nspname, t.relname),
          pg_get_indexdef(i.indexrelid), m.amname,
          k.keys, k.directions, k.numbers, k.families,
          array(select pg_get_indexdef(i.indexrelid, a, false) from generate_series(i.indnkeyatts + 1, i.indnatts) a),
          pg_get_expr(i.indpred, i.indrelid), coalesce(array_to_string(x.reloptions, ','), ''),
          i.indisunique, i.indnullsnotdistinct, (select min(c.conname) from pg_constraint c where c.conindid = i.indexrelid),
          i.indisreplident, i.indisvalid and i.indisready,
          -- A build concurrently keeps its lock on the table from the first phase to the last.
          exists (
            select from pg_stat_progress_create_index p join pg_locks l on l.pid = p.pid
            where l.locktype = 'relation' and l.relation = i.indrelid and p.datname = current_database()
          ),
          x.relkind = 'I',
          coalesce((select sum(pg_total_relation_size(p.relid)) from pg_partition_tree(i.indexrelid) p), pg_total_relation_size(i.indexrelid), 0)::bigint,
          coalesce((select sum(pg_stat_get_numscans(p.relid)) from pg_partition_tree(i.indexrelid) p), pg_stat_get_numscans(i.indexrelid), 0)::bigint,
          obj_description(i.indexrelid, 'pg_class')
        from pg_index i
        join pg_class x on x.oid = i.indexrelid and not x.relispartition
        join pg_class t on t.oid = i.indrelid
        join pg_namespace n on n.oid = t.relnamespace
        join pg_am m on m.oid = x.relam
        cross join lateral (
          select
            array_agg(pg_get_indexdef(i.indexrelid, a, false) || ' ' || i.indclass[a - 1] || ' ' || i.indcollation[a - 1] order by a) as keys,
            array_agg(i.indoption[a - 1] order by a) as directions,
            array_agg(i.indkey[a - 1] order by a) as numbers,
            array_agg((select o.opcfamily from pg_opclass o where o.oid = i.indclass[a - 1]) order by a) as families
          from generate_series(1, i.indnkeyatts::int) a
        ) k
        where n.nspname = any ($1)
        order by n.nspname, t.relname, x.relname
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas);

    public static IndexFacts Read(NpgsqlDataReader row) =>
        new(
            row.GetFieldValue<uint>(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            row.GetFieldValue<string[]>(8),
            row.GetFieldValue<short[]>(9),
            row.GetFieldValue<short[]>(10),
            row.GetFieldValue<uint[]>(11),
            row.GetFieldValue<string[]>(12),
            row.IsDBNull(13) ? null : row.GetString(13),
            row.GetString(14),
            row.GetBoolean(15),
            row.GetBoolean(16),
            row.IsDBNull(17) ? null : row.GetString(17),
            row.GetBoolean(18),
            row.GetBoolean(19),
            row.GetBoolean(20),
            row.GetBoolean(21),
            row.GetInt64(22),
            row.GetInt64(23),
            row.IsDBNull(24) ? null : row.GetString(24)
        );
}

internal sealed record ReadForeignKeys(string[] Schemas) : IQuery<ReadForeignKeys, ForeignKeyFacts>
{
    // conpfeqop compares the key pointed to with the one that points; an index can serve it when its operator family has that equality
    // (strategy 3 of a b-tree, 1 of a hash index).
    public static string Sql =>
        """
        select k.conrelid, k.conname, c.names, c.quoted, k.conkey, c.families, c.width
        from pg_constraint k
        join pg_namespace n on n.oid = k.connamespace
        cross join lateral (
          select
            array_agg(a.attname::text order by u.at) as names,
            array_agg(quote_ident(a.attname) order by u.at) as quoted,
            array_agg(coalesce((
              select string_agg(distinct o.amopfamily::text, ',')
              from pg_amop o
              join pg_am m on m.oid = o.amopmethod
              where o.amopopr = k.conpfeqop[u.at] and (m.amname, o.amopstrategy) in (('btree', 3), ('hash', 1))
            ), '') order by u.at) as families,
            sum(case when a.attlen > 0 then a.attlen else 32 end)::int as width
          from unnest(k.conkey) with ordinality u (number, at)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
        ) c
        where k.contype = 'f'
          and k.conparentid = 0
          and n.nspname = any ($1)
        order by n.nspname, k.conrelid, k.conname
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas);

    public static ForeignKeyFacts Read(NpgsqlDataReader row) =>
        new(
            row.GetFieldValue<uint>(0),
            row.GetString(1),
            row.GetFieldValue<string[]>(2),
            row.GetFieldValue<string[]>(3),
            row.GetFieldValue<short[]>(4),
            row.GetFieldValue<string[]>(5),
            row.GetInt32(6)
        );
}

internal sealed record ReadTableUse(string[] Schemas) : IQuery<ReadTableUse, TableUse>
{
    public static string Sql =>
        """
        select c.oid, n.nspname, c.relname, quote_ident(n.nspname), format('%I.%I', n.nspname, c.relname), u.rows, u.scans, u.read, u.lookups,
          case when c.relkind = 'p' then u.partitions end
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
          select
            coalesce(sum(case when s.n_live_tup > 0 then s.n_live_tup else greatest(p.reltuples, 0)::bigint end), 0)::bigint as rows,
            coalesce(sum(s.seq_scan), 0)::bigint as scans,
            coalesce(sum(s.seq_tup_read), 0)::bigint as read,
            coalesce(sum(s.idx_scan), 0)::bigint as lookups,
            coalesce(array_agg(format('%I.%I', s.schemaname, s.relname) order by s.relname), '{}') as partitions
          from (select c.oid as id where c.relkind <> 'p' union all select relid::oid from pg_partition_tree(c.oid) where c.relkind = 'p' and isleaf) parts
          join pg_class p on p.oid = parts.id
          join pg_stat_all_tables s on s.relid = parts.id
        ) u
        where n.nspname = any ($1)
          and c.relkind in ('r', 'p', 'm')
          and (not c.relispartition or exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0))
        order by n.nspname, c.relname
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas);

    public static TableUse Read(NpgsqlDataReader row) =>
        new(
            row.GetFieldValue<uint>(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetInt64(8),
            row.IsDBNull(9) ? null : row.GetFieldValue<string[]>(9)
        );
}

internal sealed record Counting(DateTimeOffset Since, long Replicas);

internal sealed record ReadCounting : IQuery<ReadCounting, Counting>
{
    // Counters outlive a clean stop, so without a reset they are at least as old as the server's start.
    public static string Sql =>
        """
        select coalesce(d.stats_reset, pg_postmaster_start_time()), (select count(*) from pg_stat_replication)
        from pg_stat_database d
        where d.datname = current_database()
        """;

    public void Bind(StatementParameters parameters) { }

    public static Counting Read(NpgsqlDataReader row) => new(row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1));
}
