using Gamekeeper.SummonersGrid.Ownership.Freezing;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Lineage;

/// <summary>What came of freezing a lineage.</summary>
public abstract record FreezeLineageOutcome
{
    private FreezeLineageOutcome() { }

    /// <summary>Every descendant is frozen; from here on there can be no further one.</summary>
    /// <param name="Lineage">As it is with all of them frozen.</param>
    /// <param name="Frozen">How many were free before.</param>
    public sealed record Done(CardLineage Lineage, int Frozen) : FreezeLineageOutcome;

    /// <summary>The reason is no code.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : FreezeLineageOutcome;

    /// <summary>There is no such operation, event or card.</summary>
    public sealed record UnknownStart : FreezeLineageOutcome;

    /// <summary>More events came of it than one walk finds; what was found last was not frozen.</summary>
    public sealed record TooLarge(int Limit) : FreezeLineageOutcome;

    /// <summary>Players freeze nothing.</summary>
    public sealed record NotAllowed : FreezeLineageOutcome;
}

/// <summary>Freezes all that came of a bad event, whoever holds it by now.</summary>
public sealed class FreezeLineage(TraceLineage trace, FreezeCards freeze)
{
    /// <summary>Safe to repeat.</summary>
    /// <param name="actor">An operator, a service or the system.</param>
    /// <param name="start">The bad event.</param>
    /// <param name="reason">As for <see cref="FreezeCards"/>.</param>
    /// <param name="cancellationToken">Ends it; what was frozen stays frozen.</param>
    public async Task<FreezeLineageOutcome> RunAsync(
        Actor actor,
        LineageStart start,
        string reason,
        CancellationToken cancellationToken = default
    )
    {
        // A trade that was running bought something new meanwhile. Each round freezes what the last one did not know of, and frozen cards
        // buy nothing: it ends with the first round that finds nothing free.
        for (var frozen = 0; ; )
        {
            if (await trace.RunAsync(start, depth: null, cancellationToken) is not LineageOutcome.Traced { Lineage: var lineage })
                return new FreezeLineageOutcome.UnknownStart();
            if (lineage.IsTruncated)
                return new FreezeLineageOutcome.TooLarge(TraceLineage.MaxEvents);
            var free = lineage.Cards.Where(c => !c.IsFrozen).Select(c => c.Id).ToList();
            if (free.Count == 0)
                return new FreezeLineageOutcome.Done(lineage, frozen);
            switch (await freeze.RunAsync(actor, [.. free.Take(FreezeCards.MaxCards)], reason, cancellationToken))
            {
                case FreezeCardsOutcome.Done done:
                    frozen += done.Frozen.Count;
                    break;
                case FreezeCardsOutcome.Invalid invalid:
                    return new FreezeLineageOutcome.Invalid(invalid.Errors);
                case FreezeCardsOutcome.NotAllowed:
                    return new FreezeLineageOutcome.NotAllowed();
                case var other:
                    throw new System.Diagnostics.UnreachableException(other.GetType().Name);
            }
        }
    }
}
