namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>One thing that can be wrong with indexes. Looks at what was read and asks nobody.</summary>
internal interface IIndexCheck
{
    void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict);
}

/// <summary>What the checks have to say.</summary>
internal sealed class IndexVerdict
{
    private const string KeptMark = "kept:";

    public List<IndexFinding> Findings { get; } = [];

    public List<NotJudged> NotJudged { get; } = [];

    public List<KeptIndex> Kept { get; } = [];

    /// <summary>Something about an index that is there; one that is kept on purpose is listed as such.</summary>
    public void Tell(string check, IndexFacts index, string threshold, string reason, string? ddl)
    {
        if (index.Comment?.StartsWith(KeptMark, StringComparison.Ordinal) == true)
            Kept.Add(new(check, index.Schema, index.Name, index.Comment[KeptMark.Length..].Trim()));
        else
            Findings.Add(new(check, index.Schema, index.Table, index.Name, threshold, reason, ddl, index.Bytes));
    }
}
