using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>
/// The cards that a plan has to look at: the descendants, and what was given beside them in their trades, each with all that happened to
/// it since.
/// </summary>
/// <param name="Heads">The latest event of each card, void or not: where it is.</param>
/// <param name="Standing">All its events that count, from the first concerned one on.</param>
/// <param name="Damaged">Cards whose signature cannot be read.</param>
/// <param name="Open">Who may get something back.</param>
internal sealed record ConcernedCards(
    IReadOnlyList<LineageEvent> Heads,
    IReadOnlyList<LineageEvent> Standing,
    IReadOnlySet<Guid> Damaged,
    IReadOnlySet<Guid> Open
)
{
    /// <summary>Four round trips, however many cards; null when there are more than a plan holds.</summary>
    public static async Task<ConcernedCards?> ReadAsync(UnitOfWork unit, LineageWalk walk, CancellationToken cancellationToken)
    {
        const int limit = TraceLineage.MaxEvents + 1;
        var events = walk.Events.ToDictionary(e => e.Id);
        if (events.Values.Select(e => e.CardId).Distinct().Count() > CompensationPlan.MaxCards)
            return null;

        var trades = walk.Events.Where(e => e.IsTrade && !e.IsVoid).Select(e => e.OperationId).Distinct().ToArray();
        var sides = await unit.ListAsync(new EventsOfOperations(trades, limit), cancellationToken);
        // Given beside a descendant, and maybe one itself only later: what happened in between is not in the walk.
        var beside = sides.Where(e => !events.ContainsKey(e.Id)).GroupBy(e => e.CardId).Select(g => g.MinBy(e => e.Position)!).ToList();
        var since = await unit.ListAsync(
            new EventsAfter([.. beside.Select(e => e.CardId)], [.. beside.Select(e => e.Position)], limit),
            cancellationToken
        );
        if (sides.Count == limit || since.Count == limit)
            return null;
        foreach (var e in sides.Concat(since))
            events.TryAdd(e.Id, e);
        var heads = events.Values.GroupBy(e => e.CardId).Select(g => g.MaxBy(e => e.Position)!).ToList();
        if (heads.Count > CompensationPlan.MaxCards)
            return null;

        Guid[] givers = [.. events.Values.Select(e => e.From).OfType<Guid>().Distinct()];
        var open = unit.Enqueue(new OpenPlayers(givers));
        var now = await unit.ListAsync(new CardsNow([.. heads.Select(h => h.CardId)]), cancellationToken);
        return new ConcernedCards(
            heads,
            [.. events.Values.Where(e => !e.IsVoid)],
            now.Where(c => !c.IsReadable).Select(c => c.Id).ToHashSet(),
            open.Rows.ToHashSet()
        );
    }
}
