namespace Gamekeeper.Tests.SummonersGrid.Ownership.Lineage;

/// <summary>One card changing hands, or coming into the world (from nobody).</summary>
internal sealed record Handover(Guid Card, Guid? From, Guid To);

/// <summary>Everything that was done at once.</summary>
internal sealed record Deal(Guid Operation, bool IsTrade, IReadOnlyList<Handover> Handovers);

/// <summary>
/// What an economy did, as a plain list in memory, and the two questions asked of it, answered from docs/concepts/lineage.md in the
/// slowest and plainest way. It shares no code with the product.
/// </summary>
internal sealed class EconomyModel
{
    private Dictionary<Guid, List<int>> _moves = [];

    public List<Deal> Deals { get; } = [];

    public HashSet<Guid> Closed { get; } = [];

    public HashSet<Guid> Damaged { get; } = [];

    /// <summary>Cards whose coming into the world was taken back: the house has them for good.</summary>
    public HashSet<Guid> Housed { get; } = [];

    public Guid House { get; set; }

    /// <summary>Who owns what when everything counts.</summary>
    public Dictionary<Guid, Guid> Owners() => Replay(new HashSet<(int, Guid)>());

    /// <summary>Every card that came of a deal.</summary>
    public HashSet<Guid> Descendants(Guid operation)
    {
        var bad = IndexOf(operation);
        var tainted = Deals[bad].Handovers.Select(h => h.Card).ToHashSet();
        foreach (var deal in Deals.Skip(bad + 1).Where(d => d.IsTrade))
        {
            var buyers = deal.Handovers.Where(h => tainted.Contains(h.Card)).Select(h => h.From!.Value).ToHashSet();
            tainted.UnionWith(deal.Handovers.Where(h => buyers.Contains(h.To)).Select(h => h.Card).ToList());
        }
        return tainted;
    }

    /// <summary>How many exchanges lie between the deal and each card, at the fewest: asked once for every depth.</summary>
    public Dictionary<Guid, int> Depths(Guid operation)
    {
        var bad = IndexOf(operation);
        var reached = Deals[bad].Handovers.ToDictionary(h => h.Card, _ => 0);
        for (var depth = 1; ; depth++)
        {
            // A card may have become tainted only after it was given, so the moment counts: walk forward with what is reachable in fewer.
            var since = new Dictionary<Guid, int>(reached.Where(r => r.Value == 0).Select(r => KeyValuePair.Create(r.Key, 0)));
            foreach (var deal in Deals.Skip(bad + 1).Where(d => d.IsTrade))
            {
                var before = new Dictionary<Guid, int>(since);
                foreach (var given in deal.Handovers.Where(h => before.TryGetValue(h.Card, out var d) && d < depth))
                    foreach (var taken in deal.Handovers.Where(h => h.To == given.From))
                        since[taken.Card] = Math.Min(since.GetValueOrDefault(taken.Card, int.MaxValue), before[given.Card] + 1);
            }
            if (since.Count == reached.Count && since.All(s => reached.TryGetValue(s.Key, out var d) && d == s.Value))
                return reached;
            reached = since;
        }
    }

    /// <summary>The handovers that are taken back: the largest set that keeps the three rules.</summary>
    public HashSet<(int Deal, Guid Card)> Undone(Guid operation, IReadOnlySet<Guid> badPlayers, bool isWide)
    {
        var bad = IndexOf(operation);
        var tainted = new HashSet<Guid>(Deals[bad].Handovers.Select(h => h.Card));
        var undone = Deals[bad].Handovers.Select(h => (bad, h.Card)).ToHashSet();
        for (var i = bad + 1; i < Deals.Count; i++)
        {
            var hit = Deals[i].Handovers.Where(h => tainted.Contains(h.Card)).ToList();
            if (hit.Count == 0)
                continue;
            undone.UnionWith((Deals[i].IsTrade ? Deals[i].Handovers : hit).Select(h => (i, h.Card)));
            if (Deals[i].IsTrade)
                tainted.UnionWith(Deals[i].Handovers.Where(h => isWide || hit.Any(g => g.From == h.To)).Select(h => h.Card));
        }
        _moves = Deals.SelectMany((d, i) => d.Handovers.Select(h => (h.Card, Deal: i))).GroupBy(m => m.Card).ToDictionary(g => g.Key, g => g.Select(m => m.Deal).ToList());
        while (undone.RemoveWhere(u => Breaks(u, bad, undone, badPlayers)) > 0) { }
        return undone;
    }

    /// <summary>Who owns what when some handovers never happened; a card that never came into the world belongs to the house.</summary>
    public Dictionary<Guid, Guid> Replay(IReadOnlySet<(int Deal, Guid Card)> without)
    {
        var owners = Deals.SelectMany(d => d.Handovers).Select(h => h.Card).Union(Housed).ToDictionary(c => c, _ => House);
        for (var i = 0; i < Deals.Count; i++)
            foreach (var h in Deals[i].Handovers.Where(h => !without.Contains((i, h.Card))))
                owners[h.Card] = h.To;
        return owners;
    }

    // A predicate of RemoveWhere sees the set as it was before the sweep or in its midst; both only ever remove what has to go.
    private bool Breaks((int Deal, Guid Card) u, int bad, HashSet<(int, Guid)> undone, IReadOnlySet<Guid> badPlayers)
    {
        var deal = Deals[u.Deal];
        var own = deal.Handovers.Single(h => h.Card == u.Card);
        var moves = Moves(u.Card);
        var goesFurther = moves.Where(i => i < u.Deal).Select(i => undone.Contains((i, u.Card))).LastOrDefault();
        var isOutOfReach =
            Damaged.Contains(u.Card)
            || (own.From is { } from && Closed.Contains(from) && !goesFurther)
            || moves.Any(i => i > u.Deal && !undone.Contains((i, u.Card)));
        var isHalf = deal.IsTrade && deal.Handovers.Any(h => !badPlayers.Contains(h.From!.Value) && !undone.Contains((u.Deal, h.Card)));
        var together = deal.IsTrade ? deal.Handovers.Select(h => h.Card) : [u.Card];
        var isIdle = u.Deal != bad && !together.Any(c => undone.Contains((u.Deal, c)) && Moves(c).Any(i => i < u.Deal && undone.Contains((i, c))));
        return isOutOfReach || isHalf || isIdle;
    }

    // The deals of a card, in their order; looked up once for each question, because deals are forgotten between two.
    private List<int> Moves(Guid card) => _moves.TryGetValue(card, out var moves) ? moves : [];

    private int IndexOf(Guid operation) => Deals.FindIndex(d => d.Operation == operation);
}
