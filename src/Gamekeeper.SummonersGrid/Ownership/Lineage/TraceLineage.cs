using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Lineage;

/// <summary>What came of asking for a lineage.</summary>
public abstract record LineageOutcome
{
    private LineageOutcome() { }

    /// <summary>All that came of it; without cards when it has been put right as a whole.</summary>
    public sealed record Traced(CardLineage Lineage) : LineageOutcome;

    /// <summary>The question itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : LineageOutcome;

    /// <summary>There is no such operation, event or card, or the card has no event so late.</summary>
    public sealed record UnknownStart : LineageOutcome;
}

/// <summary>
/// Finds all that came of a bad event: the cards it made or moved, every later event of theirs, and what was taken in exchange for one
/// of them, and so on. The rule stands in docs/concepts/lineage.md. Reads only; three round trips, however long the story is.
/// </summary>
public sealed class TraceLineage(GameDatabase database)
{
    /// <summary>The most events of one walk; more are marked as truncated.</summary>
    public const int MaxEvents = 50_000;

    /// <summary>The greatest depth that can be asked for; without one there is no limit but <see cref="MaxEvents"/>.</summary>
    public const int MaxDepth = 1000;

    /// <summary>From the bad event to now.</summary>
    /// <param name="start">The bad event.</param>
    /// <param name="depth">Leave out what lies more exchanges away, 0 to 1000; null shows all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LineageOutcome> RunAsync(LineageStart start, int? depth = null, CancellationToken cancellationToken = default)
    {
        if (depth is < 0 or > MaxDepth)
            return new LineageOutcome.Invalid([new("depth", $"is {depth}; it takes 0 to {MaxDepth}")]);
        return await database.ReadAsync<LineageOutcome>(
            ReadConsistency.Strong,
            actor: null,
            async (scope, ct) =>
            {
                if (await WalkAsync(scope, start, isWide: false, ct) is not { } walk)
                    return new LineageOutcome.UnknownStart();
                var places = LineagePlaces.Of(walk.Events, walk.Bad);
                var cards = places.Where(p => depth is null || p.Value.Depth <= depth).Select(p => p.Key).ToArray();
                var now = cards.Length == 0 ? [] : await scope.ListAsync(new CardsNow(cards), ct);
                var events = walk.Events.ToLookup(e => e.CardId);
                var shown = now.Select(c => new LineageCard(
                        c.Id,
                        c.TemplateId,
                        c.OwnerId,
                        c.IsFrozen,
                        places[c.Id].Depth,
                        places[c.Id].BoughtWith,
                        [.. events[c.Id].OrderBy(e => e.Position)]
                    ))
                    .OrderBy(c => c.Depth)
                    .ThenBy(c => c.Events[0].Sequence)
                    .ThenBy(c => c.Id);
                return new LineageOutcome.Traced(
                    new CardLineage(start, [.. shown], walk.IsTruncated, cards.Length < places.Count, walk.Compensations)
                );
            },
            cancellationToken
        );
    }

    /// <summary>The events alone, for whoever goes on from here; null when there is no such start.</summary>
    internal static async Task<LineageWalk?> WalkAsync(
        StatementQueue queue,
        LineageStart start,
        bool isWide,
        CancellationToken cancellationToken
    )
    {
        var named = await NamedAsync(queue, start, cancellationToken);
        if (named.Count == 0)
            return null;
        Guid[] compensations = [.. named.Select(e => e.CompensationId).OfType<Guid>().Distinct().Order()];
        Guid[] bad = [.. named.Where(e => !e.IsVoid).Select(e => e.Id)];
        if (bad.Length == 0)
            return new LineageWalk([], new HashSet<Guid>(), IsTruncated: false, compensations);
        var events = await queue.ListAsync(new WalkLineage(bad, isWide, MaxEvents + 1), cancellationToken);
        return new LineageWalk(
            events.Count > MaxEvents ? [.. events.Take(MaxEvents)] : events,
            bad.ToHashSet(),
            events.Count > MaxEvents,
            compensations
        );
    }

    private static async Task<IReadOnlyList<LineageEvent>> NamedAsync(StatementQueue queue, LineageStart start, CancellationToken cancellationToken)
    {
        const int limit = MaxEvents + 1;
        switch (start)
        {
            case LineageStart.OfOperation(var operation):
                return await queue.ListAsync(new EventsOfOperations([operation], limit), cancellationToken);
            case LineageStart.OfEvent(var e):
                return await queue.ListAsync(new EventOrItsTrade(e, limit), cancellationToken);
            case LineageStart.OfCard(var card, var since):
                var first = await queue.ListAsync(new FirstEventSince(card, since), cancellationToken);
                return first.Count == 0 ? [] : await queue.ListAsync(new EventOrItsTrade(first[0], limit), cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException(start.GetType().Name);
        }
    }
}

/// <summary>The events of a lineage.</summary>
/// <param name="Events">All of them, the bad ones too, in no order.</param>
/// <param name="Bad">Ids of the events it starts from.</param>
/// <param name="IsTruncated">There are more.</param>
/// <param name="Compensations">What took back a part of the start.</param>
internal sealed record LineageWalk(
    IReadOnlyList<LineageEvent> Events,
    IReadOnlySet<Guid> Bad,
    bool IsTruncated,
    IReadOnlyList<Guid> Compensations
);
