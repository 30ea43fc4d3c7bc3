namespace Gamekeeper.Caching.Fencing;

/// <summary>What a transaction made old, as it read it back with its commit.</summary>
/// <param name="Rows">The rows that say so; to be removed once everybody knows.</param>
/// <param name="Keys">The keys, each once.</param>
/// <param name="IsEverything">It was too much to be listed.</param>
internal sealed record Invalidated(IReadOnlyList<InvalidationId> Rows, IReadOnlyCollection<string> Keys, bool IsEverything)
{
    private const char PartEnd = '\x1f';
    private const char RecordEnd = '\x1e';

    /// <summary>Reads what <c>{schema}.invalidate</c> wrote: records of a schema, a row number and keys.</summary>
    public static Invalidated Parse(string text)
    {
        if (text == "*")
            return new([], [], IsEverything: true);
        var rows = new List<InvalidationId>(2);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in text.Split(RecordEnd, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = record.Split(PartEnd);
            rows.Add(new(parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)));
            for (var i = 2; i < parts.Length; i++)
                keys.Add(parts[i]);
        }
        return new(rows, keys, IsEverything: false);
    }
}
