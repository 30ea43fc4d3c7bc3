namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>
/// Holds a plan against the world as it is under its locks. Not only what moves is compared: had any card that was looked at moved on,
/// the plan would have come out differently.
/// </summary>
internal static class PlanCheck
{
    public static IReadOnlyList<PlanDifference> Differences(
        CompensationPlan plan,
        IReadOnlyList<LockedCard> cards,
        IReadOnlyList<HeldPlayer> takers,
        IReadOnlyList<Guid> compensated
    )
    {
        var now = cards.ToDictionary(c => c.Id);
        var open = takers.Where(p => p.IsActive).Select(p => p.Id).ToHashSet();
        return
        [
            .. plan.Cards.Select(c => Difference(c, now)).OfType<PlanDifference>(),
            .. plan
                .Moves.Select(m => m.To!.Value)
                .Distinct()
                .Where(p => !open.Contains(p))
                .Select(p => new PlanDifference(p, "has closed the account and can take nothing back")),
            .. compensated.Distinct().Select(c => new PlanDifference(c, "was put right by another compensation since")),
        ];
    }

    private static PlanDifference? Difference(PlannedCard planned, Dictionary<Guid, LockedCard> now)
    {
        if (!now.TryGetValue(planned.CardId, out var card))
            return new(planned.CardId, "is no longer there");
        if (card.Events != planned.Events)
            return new(planned.CardId, $"has moved since: it has {card.Events} events and was planned with {planned.Events}");
        if (card.OwnerId != planned.Owner)
            return new(planned.CardId, $"belongs to {card.OwnerId} and not to {planned.Owner}");
        return planned.Moves && card.Signature is null ? new(planned.CardId, "has a signature that can no longer be read") : null;
    }
}
