using Npgsql;

namespace Gamekeeper.Privacy;

/// <summary>Reads what the migrations wrote beside their tables. Partitions are their parent's and are left out.</summary>
internal static class CatalogueQueries
{
    public static async Task<IReadOnlyList<CataloguedTable>> TablesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select n.nspname, c.relname, obj_description(c.oid, 'pg_class')
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any ($1)
              and c.relkind in ('r', 'p')
              and not c.relispartition
            order by n.nspname, c.relname
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schemas.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<CataloguedTable>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var description = TableDescription.Parse(reader.IsDBNull(2) ? null : reader.GetString(2));
            tables.Add(new CataloguedTable(reader.GetString(0), reader.GetString(1), description));
        }
        return tables;
    }

    public static async Task<IReadOnlyList<CataloguedColumn>> ColumnsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where n.nspname = any ($1)
              and c.relkind in ('r', 'p', 'm')
              and not c.relispartition
            order by n.nspname, c.relname, a.attnum
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schemas.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<CataloguedColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var description = ColumnDescription.Parse(reader.IsDBNull(4) ? null : reader.GetString(4));
            columns.Add(new CataloguedColumn(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), description));
        }
        return columns;
    }

    /// <summary>Tables with an audit trigger, and the columns it keeps out of its images.</summary>
    public static async Task<IReadOnlyList<AuditedTable>> AuditedAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct n.nspname, c.relname, t.tgname, encode(t.tgargs, 'escape')
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid
            join pg_namespace n on n.oid = c.relnamespace
            join pg_proc p on p.oid = t.tgfoid
            where n.nspname = any ($1)
              and p.proname = 'audit_trigger'
              and not t.tgisinternal
              and not c.relispartition
            order by 1, 2, 3
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schemas.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<AuditedTable>();
        while (await reader.ReadAsync(cancellationToken))
        {
            // Each argument ends with a zero byte, which 'escape' spells \000.
            var arguments = reader.GetString(3).Split(@"\000", StringSplitOptions.RemoveEmptyEntries);
            tables.Add(new AuditedTable(reader.GetString(0), reader.GetString(1), reader.GetString(2), [.. arguments.Skip(2)]));
        }
        return tables;
    }
}

internal sealed record AuditedTable(string Schema, string Table, string Trigger, IReadOnlyList<string> HiddenColumns);
