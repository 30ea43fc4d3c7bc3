namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>
/// Foreign keys that no index of the pointing table serves: deleting what they point to, or changing its key, reads that table from end to
/// end for each row (https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK).
/// </summary>
internal sealed class UnindexedForeignKeys : IIndexCheck
{
    private const string Check = "unindexed-foreign-key";

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        var indexes = catalogue.Indexes.ToLookup(i => i.TableId);
        var tables = catalogue.Tables.ToDictionary(t => t.Id);
        foreach (var key in catalogue.ForeignKeys.Where(k => !indexes[k.TableId].Any(i => Serves(i, k))))
        {
            var table = tables[key.TableId];
            var taken = catalogue.Indexes.Where(i => i.Schema == table.Schema).Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
            verdict.Findings.Add(
                new(
                    Check,
                    table.Schema,
                    table.Name,
                    null,
                    "every foreign key",
                    $"No index begins with the columns of {key.Name} ({string.Join(", ", key.Columns)}): deleting a row it points to reads all {table.Rows} rows of {table.Name}.",
                    IndexDdl.Create(table, key.Columns, key.QuotedColumns, taken),
                    IndexDdl.Estimate(table.Rows, key.Width)
                )
            );
        }
    }

    /// <summary>Whether the check of the foreign key can look its rows up in this index: its columns first, in any order, under its equality.</summary>
    public static bool Serves(IndexFacts index, ForeignKeyFacts key)
    {
        var count = key.Numbers.Length;
        // A hash index has one key and looks equality up like a b-tree; other methods do not.
        if (!index.IsValid || index.Method is not ("btree" or "hash") || index.Numbers.Length < count || !LeavesOutNothingButNulls(index, key))
            return false;
        var first = index.Numbers.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            var at = first.IndexOf(key.Numbers[i]);
            if (at < 0 || !key.Families[i].Split(',').Contains(index.Families[at].ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal))
                return false;
        }
        return true;
    }

    // A null points nowhere.
    private static bool LeavesOutNothingButNulls(IndexFacts index, ForeignKeyFacts key) =>
        index.Condition is null || key.QuotedColumns.Any(c => index.Condition == $"({c} IS NOT NULL)");
}
