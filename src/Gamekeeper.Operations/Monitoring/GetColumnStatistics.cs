using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>What the planner believes about the columns of the core and the games. Reads only; safe to repeat.</summary>
public sealed class GetColumnStatistics(GameDatabase database, ModuleCatalogue modules)
{
    /// <summary>Every column that has statistics.</summary>
    /// <param name="table">One table only, as <c>schema.table</c>; null for all. One that is not there has no columns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ColumnReport> RunAsync(string? table = null, CancellationToken cancellationToken = default)
    {
        var rows = await database.ListAsync(new ReadColumnStatistics([.. modules.Schemas], table), cancellationToken);
        return new(
            [.. rows.Select(r => r.Statistics).OfType<ColumnStatistics>()],
            [.. rows.GroupBy(r => r.Table).Where(t => t.All(r => r.Statistics is null)).Select(t => t.Key)]
        );
    }
}

internal sealed record ColumnRow(string Table, ColumnStatistics? Statistics);

internal sealed record ReadColumnStatistics(string[] Schemas, string? Table) : IQuery<ReadColumnStatistics, ColumnRow>
{
    public static string Sql =>
        """
        select n.nspname, c.relname, a.attname, s.n_distinct, s.null_fraction, s.correlation, s.average_width,
          case
            when s.n_distinct > 0 then s.n_distinct
            when s.n_distinct < 0 then -s.n_distinct * greatest(c.reltuples, 0)
          end::bigint
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join core.column_statistics($1) s on s.schema_name = n.nspname and s.table_name = c.relname and s.column_name = a.attname
        where n.nspname = any ($1)
          and c.relkind in ('r', 'p', 'm')
          and not c.relispartition
          and ($2::text is null or n.nspname || '.' || c.relname = $2)
        order by n.nspname, c.relname, a.attname
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Schemas).AddNullable(Table);

    public static ColumnRow Read(NpgsqlDataReader row)
    {
        var (schema, table) = (row.GetString(0), row.GetString(1));
        return new(
            $"{schema}.{table}",
            row.IsDBNull(3)
                ? null
                : new ColumnStatistics(
                    schema,
                    table,
                    row.GetString(2),
                    Rounded(row.GetFloat(3)),
                    row.IsDBNull(7) ? null : row.GetInt64(7),
                    Rounded(row.GetFloat(4)),
                    row.IsDBNull(5) ? null : Rounded(row.GetFloat(5)),
                    row.GetInt32(6)
                )
        );
    }

    private static double Rounded(float value) => Math.Round((double)value, 4);
}
