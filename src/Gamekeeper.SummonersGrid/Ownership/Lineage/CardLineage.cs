namespace Gamekeeper.SummonersGrid.Ownership.Lineage;

/// <summary>Where a lineage starts: the bad event. A trade is bad as a whole, so naming one of its events names both of its sides.</summary>
public abstract record LineageStart
{
    private LineageStart() { }

    /// <summary>Everything an operation moved or made: a fraudulent mint, a stolen account's trade.</summary>
    public sealed record OfOperation(Guid Operation) : LineageStart;

    /// <summary>One ownership event.</summary>
    public sealed record OfEvent(Guid Event) : LineageStart;

    /// <summary>One card, from its first event at or after an instant on; null: from its very first.</summary>
    public sealed record OfCard(Guid Card, DateTimeOffset? Since = null) : LineageStart;

    /// <summary>In one word and an id, for logs and plans.</summary>
    public sealed override string ToString() =>
        this switch
        {
            OfOperation o => $"operation {o.Operation}",
            OfEvent e => $"event {e.Event}",
            OfCard { Since: { } since } c => $"card {c.Card} since {since.ToUniversalTime():O}",
            OfCard c => $"card {c.Card}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>One event of a card from the moment on that it was tainted.</summary>
/// <param name="Id">The event.</param>
/// <param name="CardId">The card.</param>
/// <param name="Position">Of the card's events.</param>
/// <param name="OperationId">The signed operation; of a trade it stands for both sides.</param>
/// <param name="Sequence">Order of operations.</param>
/// <param name="Kind">Of the operation: mint, transfer, trade, attest, compensate or import.</param>
/// <param name="Method">How the card moved.</param>
/// <param name="From">Who gave; null when the card came into the world.</param>
/// <param name="To">Who took.</param>
/// <param name="At">Time of the transaction.</param>
/// <param name="CompensationId">What took this event back, or made it to take others back; null when it stands.</param>
public sealed record LineageEvent(
    Guid Id,
    Guid CardId,
    int Position,
    Guid OperationId,
    long Sequence,
    string Kind,
    string Method,
    Guid? From,
    Guid To,
    DateTimeOffset At,
    Guid? CompensationId
)
{
    /// <summary>True when it no longer counts: whatever was given in it has come back.</summary>
    public bool IsVoid => CompensationId is not null;

    internal bool IsTrade => Kind == "trade";
}

/// <summary>A card that came of the bad event.</summary>
/// <param name="Id">The card.</param>
/// <param name="TemplateId">What it is a copy of.</param>
/// <param name="OwnerId">Who owns it now.</param>
/// <param name="IsFrozen">An operator keeps it where it is.</param>
/// <param name="Depth">0 for a card of the bad event itself; else over how many exchanges, at the fewest, it was bought with one.</param>
/// <param name="BoughtWith">The card it was taken in exchange for; null at depth 0.</param>
/// <param name="Events">From the one that tainted it to its latest.</param>
public sealed record LineageCard(
    Guid Id,
    string TemplateId,
    Guid OwnerId,
    bool IsFrozen,
    int Depth,
    Guid? BoughtWith,
    IReadOnlyList<LineageEvent> Events
);

/// <summary>All that came of a bad event.</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="Cards">Every descendant, nearest first.</param>
/// <param name="IsTruncated">The walk reached its bound: there is more than is shown.</param>
/// <param name="IsCutAtDepth">Cards of greater depth were left out, as was asked.</param>
/// <param name="Compensations">What has put the bad event right already, in part or whole; what they took back is not shown.</param>
public sealed record CardLineage(
    LineageStart Start,
    IReadOnlyList<LineageCard> Cards,
    bool IsTruncated,
    bool IsCutAtDepth,
    IReadOnlyList<Guid> Compensations
)
{
    /// <summary>The trades in which a descendant was given or taken, in their order; those that were taken back are left out.</summary>
    public IReadOnlyList<Guid> Trades =>
        [
            .. Cards
                .SelectMany(c => c.Events)
                .Where(e => e.IsTrade && !e.IsVoid)
                .OrderBy(e => e.Sequence)
                .Select(e => e.OperationId)
                .Distinct(),
        ];
}
