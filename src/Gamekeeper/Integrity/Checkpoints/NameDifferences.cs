using Gamekeeper.Storage;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>Where a root is another one: finds the rows, by the hashes that the store keeps of them.</summary>
internal sealed class NameDifferences(ICheckpointSource source, IObjectStore store)
{
    public async Task<IReadOnlyList<InvariantBreach>> RunAsync(CheckpointHead of, SourceCut cut, int limit, CancellationToken cancellationToken)
    {
        var unnamed = new InvariantBreach(source.Name, $"{cut.Covered[0].First}-{cut.Covered[^1].Last}", $"are not the {cut.Rows} rows that {of} covers");
        try
        {
            if (of.Leaves is not { } reference)
                return [unnamed];
            if (await CheckChain.LeavesProblemAsync(store, reference, cancellationToken) is { } problem)
                return [unnamed with { Finding = $"{unnamed.Finding}; which ones cannot be told, for {problem}" }];
            await using var content = await store.GetAsync(new ObjectName(reference.Object), cancellationToken);
            var found = new List<InvariantBreach>();
            await foreach (var breach in CompareAsync(of, Covered(content!, cancellationToken), source.ReadAmongAsync(cut.Covered, NumberRanges.ReadTogether, cancellationToken)))
            {
                found.Add(breach);
                if (found.Count == limit)
                    break;
            }
            return found.Count > 0 ? found : [unnamed];
        }
        catch (InvalidDataException)
        {
            return [unnamed with { Finding = $"{unnamed.Finding}; which ones cannot be told, for {of.Leaves!.Object} holds no hashes of rows" }];
        }
        catch (GamekeeperException failure) when (failure.Code is "storage.unavailable" or "configuration.missing")
        {
            return [unnamed with { Finding = $"{unnamed.Finding}; which ones cannot be told: {failure.Message}" }];
        }
    }

    private async IAsyncEnumerable<InvariantBreach> CompareAsync(CheckpointHead of, IAsyncEnumerable<CheckpointLeaf> covered, IAsyncEnumerable<CheckpointLeaf> present)
    {
        await using var then = Together(covered).GetAsyncEnumerator();
        await using var now = Together(present).GetAsyncEnumerator();
        var (hasThen, hasNow) = (await then.MoveNextAsync(), await now.MoveNextAsync());
        while (hasThen || hasNow)
        {
            var order = !hasThen ? 1 : !hasNow ? -1 : then.Current[0].Number.CompareTo(now.Current[0].Number);
            foreach (var breach in Of(of, order <= 0 ? then.Current : [], order >= 0 ? now.Current : []))
                yield return breach;
            if (order <= 0)
                hasThen = await then.MoveNextAsync();
            if (order >= 0)
                hasNow = await now.MoveNextAsync();
        }
    }

    // Of one number.
    private IEnumerable<InvariantBreach> Of(CheckpointHead of, List<CheckpointLeaf> then, List<CheckpointLeaf> now)
    {
        foreach (var leaf in then)
        {
            var same = now.FindIndex(n => n.Key == leaf.Key);
            if (same < 0)
                yield return new(source.Name, leaf.Key, $"was removed after {of}, which covers it");
            else if (!now[same].Hash.AsSpan().SequenceEqual(leaf.Hash))
                yield return new(source.Name, leaf.Key, $"was altered after {of}, which covers it");
            if (same >= 0)
                now.RemoveAt(same);
        }
        foreach (var leaf in now)
            yield return new(source.Name, leaf.Key, $"was not there at {of}, which covers its number: it was slipped in");
    }

    private async IAsyncEnumerable<CheckpointLeaf> Covered(Stream content, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, leaf) in Leaves.ReadAsync(content, cancellationToken))
        {
            if (name == source.Name)
                yield return leaf;
        }
    }

    private static async IAsyncEnumerable<List<CheckpointLeaf>> Together(IAsyncEnumerable<CheckpointLeaf> leaves)
    {
        List<CheckpointLeaf> together = [];
        await foreach (var leaf in leaves)
        {
            if (together.Count > 0 && together[0].Number != leaf.Number)
            {
                yield return together;
                together = [];
            }
            together.Add(leaf);
        }
        if (together.Count > 0)
            yield return together;
    }
}
