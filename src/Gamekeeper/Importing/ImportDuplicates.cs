namespace Gamekeeper.Importing;

/// <summary>Finds records of one file that share what no two may share; the first of them stands.</summary>
public static class ImportDuplicates
{
    /// <summary>The refusals of all but the first, within these records.</summary>
    public static IReadOnlyList<ImportRefusal> Find<TRecord>(
        IEnumerable<Numbered<TRecord>> records,
        Func<TRecord, IEnumerable<(string Member, string Key)>> keys
    )
    {
        var seen = new HashSet<(string, string)>();
        return [.. Find(records, keys, (member, key) => seen.Add((member, key)))];
    }

    internal static IEnumerable<ImportRefusal> Find<TRecord>(
        IEnumerable<Numbered<TRecord>> records,
        Func<TRecord, IEnumerable<(string Member, string Key)>> keys,
        Func<string, string, bool> isNew
    )
    {
        foreach (var record in records)
            foreach (var (member, key) in keys(record.Record))
                if (!isNew(member, key))
                    yield return new ImportRefusal(record.Line, member, "is that of an earlier record of this file");
    }
}
