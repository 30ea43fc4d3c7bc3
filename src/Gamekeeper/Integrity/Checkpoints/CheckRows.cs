using Gamekeeper.Storage;
using Gamekeeper.Transactions;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// Makes the roots of checkpoints again from the rows as they are now. From the first checkpoint on it reads every row once, in the order of
/// numbers, and misses neither one that is gone nor one that was slipped in; memory grows with checkpoints, not with rows. Reads only; safe
/// to repeat.
/// </summary>
public sealed class CheckRows(GameDatabase database, ModuleCatalogue modules, IObjectStore store)
{
    /// <summary>What does not hold, the first ones first; empty when all does.</summary>
    /// <param name="since">The first checkpoint to look at; 1 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<IReadOnlyList<InvariantBreach>> RunAsync(long since = 1, int limit = 20, CancellationToken cancellationToken = default)
    {
        var covers = new Dictionary<string, Coverage>(StringComparer.Ordinal);
        await foreach (var signed in database.StreamAsync(new ReadCheckpoints(since), cancellationToken))
        {
            Checkpoint said;
            try
            {
                said = signed.Said;
            }
            catch (System.Text.Json.JsonException)
            {
                // The chain's check names it.
                continue;
            }
            foreach (var cut in said.Sources)
            {
                if (!covers.TryGetValue(cut.Name, out var coverage))
                    covers.Add(cut.Name, coverage = new Coverage());
                coverage.Add(said, cut);
            }
        }

        var breaches = new List<InvariantBreach>();
        var sources = modules.CheckpointSources();
        foreach (var unknown in covers.Keys.Where(name => sources.All(s => s.Name != name)))
            breaches.Add(new(unknown, "", "checkpoints cover it, and it belongs to no game of this process: its rows were not checked"));
        foreach (var source in sources.Where(s => covers.ContainsKey(s.Name)))
        {
            if (breaches.Count < limit)
                breaches.AddRange(await OfSourceAsync(source, covers[source.Name], isFull: since <= 1, limit - breaches.Count, cancellationToken));
        }
        return [.. breaches.Take(limit)];
    }

    private async Task<List<InvariantBreach>> OfSourceAsync(
        ICheckpointSource source,
        Coverage coverage,
        bool isFull,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var pieces = coverage.InOrder();
        var roots = new Dictionary<long, MerkleRoot>();
        var wrong = new List<Piece>();
        var breaches = new List<InvariantBreach>();
        var at = 0;
        IEnumerable<NumberRange> spans = isFull ? [new(long.MinValue + 1, coverage.Through)] : NumberRanges.Spans(pieces.Select(p => p.Range));
        foreach (var span in spans)
        {
            await foreach (var leaf in source.ReadAsync(span.First - 1, span.Last, null, cancellationToken))
            {
                while (at < pieces.Count && pieces[at].Range.Last < leaf.Number)
                    Close(pieces[at++]);
                if (at < pieces.Count && pieces[at].Range.First <= leaf.Number)
                    Root(pieces[at]).Add(leaf.Hash);
                else if (isFull && breaches.Count < limit && !coverage.Open.Any(r => r.First <= leaf.Number && leaf.Number <= r.Last))
                    breaches.Add(new(source.Name, leaf.Key, "has a number that checkpoints had passed and stands in none: it was slipped in"));
            }
        }
        while (at < pieces.Count)
            Close(pieces[at++]);

        foreach (var piece in wrong)
        {
            if (breaches.Count < limit)
                breaches.AddRange(await new NameDifferences(source, store).RunAsync(piece.Of, piece.Cut, limit - breaches.Count, cancellationToken));
        }
        return breaches;

        MerkleRoot Root(Piece piece)
        {
            if (!roots.TryGetValue(piece.Of.Number, out var root))
                roots.Add(piece.Of.Number, root = new MerkleRoot());
            return root;
        }

        void Close(Piece piece)
        {
            if (piece.Range.Last != piece.Cut.Covered[^1].Last)
                return;
            var root = Root(piece);
            if (root.Count != piece.Cut.Rows || Convert.ToHexStringLower(root.Finish()) != piece.Cut.Root)
                wrong.Add(piece);
            roots.Remove(piece.Of.Number);
        }
    }

    /// <summary>One range of numbers, and the checkpoint that covers it.</summary>
    private readonly record struct Piece(NumberRange Range, CheckpointHead Of, SourceCut Cut);

    /// <summary>Everything that checkpoints cover of one table.</summary>
    private sealed class Coverage
    {
        private readonly List<Piece> _pieces = [];

        public long Through { get; private set; }

        public IReadOnlyList<NumberRange> Open { get; private set; } = [];

        public void Add(Checkpoint said, SourceCut cut)
        {
            var head = new CheckpointHead(said.Number, said.At, said.Leaves);
            // What the later ones need of an earlier one is its ranges, count and root.
            var kept = cut with { Open = [], WaitsFor = [] };
            _pieces.AddRange(cut.Covered.Select(range => new Piece(range, head, kept)));
            (Through, Open) = (cut.Through, cut.Open);
        }

        // Late rows of a checkpoint have numbers from before those of its predecessor.
        public List<Piece> InOrder()
        {
            _pieces.Sort((a, b) => a.Range.First.CompareTo(b.Range.First));
            return _pieces;
        }
    }
}

/// <summary>What names a checkpoint in a finding.</summary>
internal sealed record CheckpointHead(long Number, DateTimeOffset At, LeavesReference? Leaves)
{
    public override string ToString() => $"checkpoint {Number} of {At:u}";
}
