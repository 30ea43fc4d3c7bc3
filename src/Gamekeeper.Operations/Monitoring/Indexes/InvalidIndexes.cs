namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>
/// Leftovers of a concurrent build that failed: every write keeps them up to date and no query may use them
/// (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
/// </summary>
internal sealed class InvalidIndexes : IIndexCheck
{
    private const string Check = "invalid-index";

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        foreach (var index in catalogue.Indexes.Where(i => !i.IsValid))
        {
            if (index.IsBeingBuilt)
                verdict.NotJudged.Add(new(Check, index.Name, $"An index of {index.Table} is being built right now; ask again when that has ended."));
            else if (index.IsPartitioned)
                verdict.Tell(Check, index, "any", $"{index.Name} lacks its part on at least one partition; build it there and attach it.", null);
            else if (IsCopy(index.Name))
                verdict.Tell(Check, index, "any", "Left behind by a reindex that failed: it costs every write and serves no query.", IndexDdl.Drop(index));
            else
                verdict.Tell(
                    Check,
                    index,
                    "any",
                    "Its concurrent build failed: it costs every write and serves no query. Build it again; a unique one wants the duplicates gone first.",
                    IndexDdl.Rebuild(index)
                );
        }
    }

    // What REINDEX CONCURRENTLY calls the new index while it builds it and the old one while it drops it, with a number when that is taken.
    private static bool IsCopy(string name)
    {
        var stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return stem.EndsWith("_ccnew", StringComparison.Ordinal) || stem.EndsWith("_ccold", StringComparison.Ordinal);
    }
}
