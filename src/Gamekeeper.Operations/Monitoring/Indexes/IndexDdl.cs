using System.Text;
using System.Text.RegularExpressions;

namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>Spells out remedies. Names arrive quoted by the server.</summary>
internal static partial class IndexDdl
{
    private const int LongestName = 63;

    public static string Drop(IndexFacts index) =>
        // PostgreSQL drops a partitioned index in no other way than at once.
        index.IsPartitioned ? $"drop index {Quoted(index.Sql)};" : $"drop index concurrently {Quoted(index.Sql)};";

    public static string Rebuild(IndexFacts index) => $"reindex index concurrently {Quoted(index.Sql)};";

    /// <summary>On a plain table in one statement. A partitioned one gets the index by partition, since concurrently is not to be had for the whole.</summary>
    public static string Create(TableUse table, IReadOnlyList<string> columns, IReadOnlyList<string> quotedColumns, IReadOnlySet<string> taken)
    {
        var name = NewName(table.Name, columns, taken);
        var keys = string.Join(", ", quotedColumns);
        if (table.Partitions is not { } partitions)
            return $"create index concurrently {Quoted(name)} on {Quoted(table.Sql)} ({Quoted(keys)});";
        var text = new StringBuilder($"create index {Quoted(name)} on only {Quoted(table.Sql)} ({Quoted(keys)});");
        for (var i = 0; i < partitions.Count; i++)
        {
            text.Append($"\ncreate index concurrently {Quoted(Cut(name, i))} on {Quoted(partitions[i])} ({Quoted(keys)});");
            text.Append($"\nalter index {Quoted($"{table.SchemaSql}.{name}")} attach partition {Quoted($"{table.SchemaSql}.{Cut(name, i)}")};");
        }
        return text.ToString();
    }

    /// <summary>Of an entry: 8 bytes of head, 4 of its place in the page, the columns in steps of 8; pages are filled to nine tenths.</summary>
    public static long Estimate(long rows, int width) => (rows * (12 + ((width + 7) / 8 * 8)) * 10 / 9) + 8192;

    // idx_<table>_<columns without _id>, as all of ours are called; a number behind it where that is taken.
    private static string NewName(string table, IReadOnlyList<string> columns, IReadOnlySet<string> taken)
    {
        var stem = Unfit().Replace($"idx_{table}_{string.Join('_', columns.Select(c => c.EndsWith("_id", StringComparison.Ordinal) ? c[..^3] : c))}".ToLowerInvariant(), "_");
        var name = stem.Length > LongestName ? stem[..LongestName] : stem;
        for (var number = 2; taken.Contains(name); number++)
            name = Cut(stem, number);
        return name;
    }

    private static string Cut(string name, int number) => $"{name[..Math.Min(name.Length, LongestName - 4)]}_{number}";

    // Says to whoever reads, and to the rule that looks, that this is SQL already.
    private static string Quoted(string sql) => sql;

    [GeneratedRegex("[^a-z0-9_]")]
    private static partial Regex Unfit();
}
