namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// Takes what is new in one table. Numbers are taken in order and committed in any order, or never; so a number that is not seen below one
/// that is stays open, and with it the transactions that could still bring it:
/// <code>
/// this run     1 2 3 _ 5 6 _ 8        sees these, through 8; 4 and 7 stay open; then asks who holds a number: transaction A
/// next run           4       9 10     asks first whether A has ended; sees 4, which A has committed; 7 was given up, if A has
/// </code>
/// Whoever had taken 4 or 7 had done so before 8 was seen, and either had ended when this run asked (then the next run sees its rows) or is
/// among those that it names. So a row is covered by the first checkpoint after its commit, however late that is, and holds up no other.
/// </summary>
internal sealed class CutSource(ICheckpointSource source, LeavesFile leaves, int maxRows)
{
    /// <summary>So many rows too many are read faster than one read more is made.</summary>
    private const long CheaperThanARead = 200;

    private readonly NumberRanges _covered = new();
    private readonly MerkleRoot _root = new();

    /// <summary>What is new, and whether that was all.</summary>
    public async Task<(SourceCut Cut, bool ReachedEnd)> RunAsync(SourceCut before, CancellationToken cancellationToken)
    {
        // Asked before the rows are read: whoever has ended by now has nothing left that this reading would not see.
        var stillWaits = before.WaitsFor.Count > 0 && (await source.WritersAsync(cancellationToken)).Any(w => before.WaitsFor.Contains(w) || IsRecovered(w));
        await foreach (var leaf in source.ReadAmongAsync(before.Open, CheaperThanARead, cancellationToken))
            await TakeAsync(leaf);
        List<NumberRange> open = stillWaits ? [.. before.Open.SelectMany(r => NumberRanges.Gaps(r, _covered.All))] : [];

        var reachedEnd = await TakeNewAsync(before.Through, cancellationToken);
        var through = _covered.All is [.., var newest] ? Math.Max(before.Through, newest.Last) : before.Through;
        if (through > before.Through)
            open.AddRange(NumberRanges.Gaps(new(before.Through + 1, through), _covered.All));
        var cut = new SourceCut
        {
            Name = source.Name,
            Rows = _root.Count,
            Covered = _covered.All,
            Total = before.Total + _root.Count,
            Through = through,
            Open = open,
            // Asked after the rows were read: whoever is not among them has ended, and the next reading sees its rows.
            WaitsFor = open.Count > 0 ? await source.WritersAsync(cancellationToken) : [],
            Root = _root.Count > 0 ? Convert.ToHexStringLower(_root.Finish()) : null,
        };
        return (cut, reachedEnd);
    }

    // A prepared transaction outlives the server, and has lost its name when the server is there again: any of them may be the one.
    private static bool IsRecovered(string writer) => writer.StartsWith("-1/", StringComparison.Ordinal);

    // Rows of one number stay together; those of the last number may be cut off by the limit, and are left for the next checkpoint.
    private async Task<bool> TakeNewAsync(long after, CancellationToken cancellationToken)
    {
        var together = new List<CheckpointLeaf>();
        var (read, taken) = (0L, 0L);
        await foreach (var leaf in source.ReadAsync(after, long.MaxValue, maxRows, cancellationToken))
        {
            if (together.Count > 0 && together[0].Number != leaf.Number)
                taken += await TakeAllAsync(together);
            together.Add(leaf);
            read++;
        }
        if (read < maxRows)
        {
            await TakeAllAsync(together);
            return true;
        }
        if (taken == 0)
        {
            // More rows under one number than a checkpoint should have: it has them all the same.
            await foreach (var leaf in source.ReadAsync(together[0].Number - 1, together[0].Number, null, cancellationToken))
                await TakeAsync(leaf);
        }
        return false;
    }

    private async Task<int> TakeAllAsync(List<CheckpointLeaf> together)
    {
        foreach (var leaf in together)
            await TakeAsync(leaf);
        var count = together.Count;
        together.Clear();
        return count;
    }

    private async ValueTask TakeAsync(CheckpointLeaf leaf)
    {
        _covered.Add(leaf.Number);
        _root.Add(leaf.Hash);
        await leaves.AddAsync(source.Name, leaf);
    }
}
