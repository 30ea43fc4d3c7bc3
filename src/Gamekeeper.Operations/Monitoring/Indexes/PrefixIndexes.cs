namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>B-trees whose keys are the first ones of a wider index, which serves whatever they serve at the price of a few more pages.</summary>
internal sealed class PrefixIndexes : IIndexCheck
{
    private const string Check = "prefix-index";

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        var byTable = catalogue.Indexes.Where(i => i is { IsValid: true, Method: "btree" }).ToLookup(i => i.TableId);
        foreach (var narrow in byTable.SelectMany(t => t).Where(i => i.IsForSpeed))
        {
            var wide = byTable[narrow.TableId]
                .Where(w => w.Keys.Length > narrow.Keys.Length && narrow.Begins(w) && narrow.Included.All(c => Carries(w, c)))
                .MinBy(w => w.Keys.Length);
            if (wide is not null)
                verdict.Tell(Check, narrow, "any", $"{wide.Name} begins with the same keys and serves whatever {narrow.Name} serves.", IndexDdl.Drop(narrow));
        }
    }

    private static bool Carries(IndexFacts wide, string column) =>
        wide.Included.Contains(column, StringComparer.Ordinal) || wide.Keys.Any(k => k.StartsWith(column + " ", StringComparison.Ordinal));
}
