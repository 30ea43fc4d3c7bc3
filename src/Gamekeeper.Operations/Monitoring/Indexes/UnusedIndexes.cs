namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>
/// Indexes that no query read since counting began. Those that keep a promise or serve a foreign key are left alone, and nothing is judged
/// before the counters are old enough, or while replicas, which count for themselves, may be using them.
/// </summary>
internal sealed class UnusedIndexes : IIndexCheck
{
    private const string Check = "unused-index";

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        var age = $"reads are counted since {catalogue.CountedSince:u}";
        if (catalogue.CountedFor < options.UnusedAfter)
        {
            verdict.NotJudged.Add(new(Check, null, $"The counters are too young: {age}, and an index is judged after {options.UnusedAfter.TotalDays:0.##} days."));
            return;
        }
        if (catalogue.HasReplicas)
        {
            verdict.NotJudged.Add(new(Check, null, "Replicas follow this server and count for themselves: an index may be read there. Ask each before dropping one."));
            return;
        }
        var keys = catalogue.ForeignKeys.ToLookup(k => k.TableId);
        foreach (var index in catalogue.Indexes.Where(i => i is { Scans: 0, IsForSpeed: true, IsValid: true } && i.Bytes >= options.UnusedMinBytes))
        {
            if (keys[index.TableId].Any(k => IsAllThatServes(index, k, catalogue)))
                continue;
            verdict.Tell(
                Check,
                index,
                $"no read in {options.UnusedAfter.TotalDays:0.##} days, at least {options.UnusedMinBytes} bytes",
                $"No query has read it; {age}. When it was made nobody records: leave a new one its time.",
                IndexDdl.Drop(index)
            );
        }
    }

    private static bool IsAllThatServes(IndexFacts index, ForeignKeyFacts key, IndexCatalogue catalogue) =>
        UnindexedForeignKeys.Serves(index, key)
        && !catalogue.Indexes.Any(other => other != index && other.TableId == index.TableId && UnindexedForeignKeys.Serves(other, key));
}
