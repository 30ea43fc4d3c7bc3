using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>What every table of the core and the games takes, largest first. Reads only; safe to repeat. Takes no lock a writer would notice.</summary>
public sealed class GetTableSizes(GameDatabase database, ModuleCatalogue modules)
{
    /// <summary>Every table and materialised view, partitions under their parents.</summary>
    public async Task<IReadOnlyList<TableSize>> RunAsync(CancellationToken cancellationToken = default)
    {
        var rows = await database.ListAsync(new ReadTableSizes([.. modules.Schemas]), cancellationToken);
        var partitions = rows.Where(r => r.Parent is not null).ToLookup(r => r.Parent!.Value, r => r.Size);
        return [.. rows.Where(r => r.Parent is null).Select(r => Together(r.Size, [.. LargestFirst(partitions[r.Id])])).OrderByDescending(t => t.Total)];
    }

    private static TableSize Together(TableSize parent, IReadOnlyList<TableSize> partitions) =>
        partitions.Count == 0
            ? parent
            : parent with
            {
                Heap = parent.Heap + partitions.Sum(p => p.Heap),
                Index = parent.Index + partitions.Sum(p => p.Index),
                Toast = parent.Toast + partitions.Sum(p => p.Toast),
                Rows = partitions.Sum(p => p.Rows),
                DeadRows = partitions.Sum(p => p.DeadRows),
                LastVacuum = LongestAgo(partitions.Select(p => p.LastVacuum)),
                LastAnalyze = LongestAgo(partitions.Select(p => p.LastAnalyze)),
                Partitions = partitions,
            };

    // One that was never looked after is longer ago than all others.
    private static DateTimeOffset? LongestAgo(IEnumerable<DateTimeOffset?> times) => times.MinBy(t => t ?? DateTimeOffset.MinValue);

    private static IOrderedEnumerable<TableSize> LargestFirst(IEnumerable<TableSize> tables) =>
        tables.OrderByDescending(t => t.Total).ThenBy(t => t.Table, StringComparer.Ordinal);
}

internal sealed record MeasuredTable(uint Id, uint? Parent, TableSize Size);

internal sealed record ReadTableSizes(string[] Schemas) : IQuery<ReadTableSizes, MeasuredTable>
{
    // pg_total_relation_size is pg_table_size, which holds TOAST, and pg_indexes_size. A table that is dropped meanwhile has no size.
    // Partitions of partitions stand under the outermost parent, intermediate ones, which hold nothing, nowhere.
    public static string Sql =>
        """
        select c.oid, case when c.relispartition then pg_partition_root(c.oid)::oid end, n.nspname, c.relname,
          pg_table_size(c.oid) - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0),
          pg_indexes_size(c.oid),
          coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0),
          case when s.n_live_tup > 0 then s.n_live_tup else greatest(c.reltuples, 0)::bigint end,
          coalesce(s.n_dead_tup, 0),
          greatest(s.last_vacuum, s.last_autovacuum),
          greatest(s.last_analyze, s.last_autoanalyze)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_stat_all_tables s on s.relid = c.oid
        where n.nspname = any ($1)
          and c.relkind in ('r', 'p', 'm')
          and not (c.relkind = 'p' and c.relispartition)
          and pg_table_size(c.oid) is not null
        order by n.nspname, c.relname
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas);

    public static MeasuredTable Read(NpgsqlDataReader row) =>
        new(
            row.GetFieldValue<uint>(0),
            row.IsDBNull(1) ? null : row.GetFieldValue<uint>(1),
            new TableSize(
                row.GetString(2),
                row.GetString(3),
                row.GetInt64(4),
                row.GetInt64(5),
                row.GetInt64(6),
                row.GetInt64(7),
                row.GetInt64(8),
                Time(row, 9),
                Time(row, 10),
                []
            )
        );

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
