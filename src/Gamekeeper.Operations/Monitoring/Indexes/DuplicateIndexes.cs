namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>Two indexes over the same, of which one would do: same table, method, keys with operator classes and collations, condition.</summary>
internal sealed class DuplicateIndexes : IIndexCheck
{
    private const string Check = "duplicate-index";

    public void Judge(IndexCatalogue catalogue, MonitoringOptions options, IndexVerdict verdict)
    {
        foreach (var table in catalogue.Indexes.Where(i => i.IsValid).GroupBy(i => i.TableId))
        {
            // What is spared last goes first: promises before speed, then whichever carries more, then by name.
            var standing = new List<IndexFacts>();
            foreach (
                var index in table.OrderByDescending(i => i.Constraint is not null || i.IsReplicaIdentity)
                    .ThenByDescending(i => i.IsUnique)
                    .ThenByDescending(i => i.Included.Length)
                    .ThenBy(i => i.Name, StringComparer.Ordinal)
            )
            {
                if (standing.Find(s => Replaces(s, index)) is { } other)
                    verdict.Tell(Check, index, "any", $"{other.Name} has the same keys{(other.IsUnique ? " and is unique" : "")}: whatever {index.Name} serves, it serves too.", Remedy(index));
                else
                    standing.Add(index);
            }
        }
    }

    private static bool Replaces(IndexFacts other, IndexFacts index) =>
        index.Keys.Length == other.Keys.Length
        && index.Begins(other)
        && (index.Method == "btree" || index.Settings == other.Settings)
        && index.Included.All(c => other.Included.Contains(c, StringComparer.Ordinal))
        // A promise is only replaced by the same promise.
        && (!index.IsUnique || (other.IsUnique && index.NullsEqual == other.NullsEqual));

    // Where a constraint leans on either, it is the constraint that has to go, and that is for somebody to decide.
    private static string? Remedy(IndexFacts index) => index.Constraint is null && !index.IsReplicaIdentity ? IndexDdl.Drop(index) : null;
}
