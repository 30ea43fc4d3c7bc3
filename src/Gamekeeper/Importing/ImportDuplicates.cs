namespace Gamekeeper.Importing;

/// <summary>Finds records of one file that share what no two may share; the first of them stands.</summary>
public static class ImportDuplicates
{
    /// <summary>The records that are left when the refused ones are out, and of those that share something all but the first.</summary>
    /// <param name="records">Records of one file.</param>
    /// <param name="refusals">What is known to be wrong with them.</param>
    /// <param name="keys">What no two of them share.</param>
    public static (IReadOnlyList<Numbered<TRecord>> Good, IReadOnlyList<ImportRefusal> Refusals) Sift<TRecord>(
        IReadOnlyList<Numbered<TRecord>> records,
        IEnumerable<ImportRefusal> refusals,
        Func<TRecord, IEnumerable<(string Member, string Key)>> keys
    )
    {
        var seen = new HashSet<(string, string)>();
        return Sift(records, refusals, keys, (member, key) => seen.Add((member, key)));
    }

    internal static (IReadOnlyList<Numbered<TRecord>> Good, IReadOnlyList<ImportRefusal> Refusals) Sift<TRecord>(
        IReadOnlyList<Numbered<TRecord>> records,
        IEnumerable<ImportRefusal> refusals,
        Func<TRecord, IEnumerable<(string Member, string Key)>> keys,
        Func<string, string, bool> isNew
    )
    {
        List<ImportRefusal> found = [.. refusals];
        var bad = found.Select(r => r.Line).ToHashSet();
        foreach (var record in records.Where(r => !bad.Contains(r.Line)))
            foreach (var (member, key) in keys(record.Record))
                if (!isNew(member, key))
                    found.Add(new(record.Line, member, "is that of an earlier record of this file"));
        bad.UnionWith(found.Select(r => r.Line));
        return ([.. records.Where(r => !bad.Contains(r.Line))], found);
    }
}
