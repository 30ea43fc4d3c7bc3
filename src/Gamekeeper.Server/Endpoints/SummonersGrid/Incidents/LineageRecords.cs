using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>All that came of a bad event.</summary>
internal sealed record LineageResponse(
    [property: Description("Where it starts, in words.")] string Start,
    [property: Description("Every descendant, nearest first.")] IReadOnlyList<LineageCardResponse> Cards,
    [property: Description("Operations of the trades in which one was given or taken, in their order.")] IReadOnlyList<Guid> Trades,
    [property: Description("There is more than is shown.")] bool IsTruncated,
    [property: Description("Cards of greater depth were left out, as was asked.")] bool IsCutAtDepth,
    [property: Description("What has put the bad event right already, in part or whole.")] IReadOnlyList<Guid> Compensations
)
{
    public static LineageResponse Of(CardLineage lineage) =>
        new(
            lineage.Start.ToString(),
            [.. lineage.Cards.Select(LineageCardResponse.Of)],
            lineage.Trades,
            lineage.IsTruncated,
            lineage.IsCutAtDepth,
            lineage.Compensations
        );
}

internal sealed record LineageCardResponse(
    Guid Id,
    string TemplateId,
    Guid OwnerId,
    bool IsFrozen,
    [property: Description("0 for a card of the bad event; else how many exchanges away, at the fewest.")] int Depth,
    [property: Description("The card it was taken in exchange for; null at depth 0.")] Guid? BoughtWith,
    [property: Description("From the one that tainted it to its latest.")] IReadOnlyList<LineageEventResponse> Events
)
{
    public static LineageCardResponse Of(LineageCard card) =>
        new(
            card.Id,
            card.TemplateId,
            card.OwnerId,
            card.IsFrozen,
            card.Depth,
            card.BoughtWith,
            [
                .. card.Events.Select(e => new LineageEventResponse(
                    e.Id,
                    e.Position,
                    e.OperationId,
                    e.Sequence,
                    e.Kind,
                    e.Method,
                    e.From,
                    e.To,
                    e.At,
                    e.CompensationId
                )),
            ]
        );
}

internal sealed record LineageEventResponse(
    Guid Id,
    int Position,
    Guid OperationId,
    [property: Description("Order of operations.")] long Sequence,
    string Kind,
    string Method,
    Guid? From,
    Guid To,
    DateTimeOffset At,
    [property: Description("What took it back, or made it to take others back.")] Guid? CompensationId
);

internal sealed record FreezeLineageRequest(
    Guid? OperationId,
    Guid? EventId,
    Guid? CardId,
    [property: Description("With cardId: from its first event at or after this instant.")] DateTimeOffset? Since,
    [property: Required, StringLength(50, MinimumLength = 1), Description("A word for why, such as duped: a-z, 0-9, _ and -.")] string Reason
);

internal sealed record LineageFrozenResponse(
    [property: Description("How many were free before.")] int Frozen,
    [property: Description("How many descendants there are; all are frozen.")] int Cards
);
