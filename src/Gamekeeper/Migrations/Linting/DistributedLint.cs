using Gamekeeper.Privacy;
using Npgsql;

namespace Gamekeeper.Migrations.Linting;

/// <summary>
/// Compares each table's declared distribution class with its constraints: what holds on one server only would have to be dropped, or
/// moved into a registry table, before the rows are spread over several.
/// </summary>
internal static class DistributedLint
{
    public static async Task<IReadOnlyList<LintFinding>> CheckAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken
    )
    {
        var tables = (await CatalogueQueries.TablesAsync(connection, schemas, cancellationToken))
            .ToDictionary(t => $"{t.Schema}.{t.Table}", t => t.Description);
        var findings = new List<LintFinding>();
        foreach (var (name, description) in tables.Where(t => t.Value is null).OrderBy(t => t.Key, StringComparer.Ordinal))
            findings.Add(new("table-class", name, "declares no distribution class.", "Describe it with comment on table."));
        foreach (var constraint in await ConstraintsAsync(connection, schemas, cancellationToken))
        {
            if (Judge(constraint, tables) is { } finding)
                findings.Add(finding);
        }
        return findings;
    }

    private static LintFinding? Judge(Constraint constraint, Dictionary<string, TableDescription?> tables)
    {
        if (tables.GetValueOrDefault(constraint.Table) is not TableDescription.Distributed own)
            return null;
        if (constraint.ReferencedTable is { } target)
        {
            if (target.Split('.')[0] != constraint.Table.Split('.')[0])
            {
                return new("foreign-key-crosses-schema", constraint.Table, $"{constraint.Name} points to {target} in another schema.",
                    "Keep it in a --@single-server file and let an invariant watch it.");
            }
            return tables.GetValueOrDefault(target) switch
            {
                TableDescription.Reference => null,
                TableDescription.Distributed other when other.Group == own.Group && PairsKeys(constraint, own, other) => null,
                _ => new("foreign-key-crosses-shards", constraint.Table, $"{constraint.Name} points to {target}, whose rows may lie on another server.",
                    "Carry the distribution key on both sides, or let an invariant watch it."),
            };
        }
        return constraint.Columns.Contains(own.Key)
            ? null
            : new("unique-without-key", constraint.Table, $"{constraint.Name} ({string.Join(", ", constraint.Columns)}) does not hold {own.Key}, by which rows are spread.",
                "Hold what must be unique across the world in a registry table keyed by the value.");
    }

    private static bool PairsKeys(Constraint constraint, TableDescription.Distributed own, TableDescription.Distributed other)
    {
        var at = Array.IndexOf(constraint.Columns, own.Key);
        return at >= 0 && constraint.ReferencedColumns[at] == other.Key;
    }

    private static async Task<IReadOnlyList<Constraint>> ConstraintsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select
              n.nspname || '.' || c.relname,
              i.name,
              i.columns,
              rn.nspname || '.' || rc.relname,
              i.referenced_columns
            from (
              select conrelid as table_id, conname as name, confrelid as referenced_id,
                array(select attname::text from unnest(conkey) with ordinality k (num, at) join pg_attribute on attrelid = conrelid and attnum = num order by at) as columns,
                array(select attname::text from unnest(confkey) with ordinality k (num, at) join pg_attribute on attrelid = confrelid and attnum = num order by at) as referenced_columns
              from pg_constraint
              where contype = 'f'
                and conparentid = 0
              union all
              select indrelid, (select relname from pg_class where oid = indexrelid), 0,
                array(select attname::text from unnest(indkey) with ordinality k (num, at) join pg_attribute on attrelid = indrelid and attnum = num order by at),
                '{}'
              from pg_index
              where indisunique
            ) i
            join pg_class c on c.oid = i.table_id and not c.relispartition
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_class rc on rc.oid = i.referenced_id
            left join pg_namespace rn on rn.oid = rc.relnamespace
            where n.nspname = any ($1)
            order by 1, 2
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schemas.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Constraint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new Constraint(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetFieldValue<string[]>(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.GetFieldValue<string[]>(4)
                )
            );
        }
        return rows;
    }

    // A unique index and a foreign key in one shape; the former refers to nothing.
    private sealed record Constraint(string Table, string Name, string[] Columns, string? ReferencedTable, string[] ReferencedColumns);
}
