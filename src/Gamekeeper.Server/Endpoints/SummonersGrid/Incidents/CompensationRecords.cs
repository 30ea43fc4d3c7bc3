using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.SummonersGrid.Ownership.Compensating;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

internal sealed record PlanCompensationRequest(
    Guid? OperationId,
    Guid? EventId,
    Guid? CardId,
    [property: Description("With cardId: from its first event at or after this instant.")] DateTimeOffset? Since,
    [property: Length(0, PlanCompensation.MaxBadPlayers), Description("Who is owed nothing; absent or empty when everyone is to be made whole.")]
        IReadOnlyList<Guid>? BadPlayers,
    [property: Description("An account of the house for cards that should never have been.")] Guid? Quarantine,
    [property: Description("Take back also fair trades of cards that were given beside; false when absent.")] bool? IsWide
);

internal sealed record ApplyCompensationRequest([property: Required, StringLength(500, MinimumLength = 1), Description("Why, for operators.")] string Reason);

/// <summary>A plan and what became of it.</summary>
internal sealed record CompensationResponse(
    Guid Id,
    [property: Description("SHA-256 of the plan in canonical JSON.")] string Hash,
    [property: Description("The bad event, in words.")] string Start,
    bool IsWide,
    IReadOnlyList<Guid> BadPlayers,
    Guid? Quarantine,
    [property: Description("Every card that was looked at, by id.")] IReadOnlyList<PlannedCardResponse> Cards,
    DateTimeOffset PlannedAt,
    Guid? PlannedBy,
    [property: Description("When its cards moved; null until then.")] DateTimeOffset? AppliedAt,
    Guid? AppliedBy,
    string? Reason,
    [property: Description("The signed operation that moved the cards.")] Guid? OperationId
)
{
    public static CompensationResponse Of(Compensation c) =>
        new(
            c.Id,
            c.Hash,
            c.Plan.Start,
            c.Plan.IsWide,
            c.Plan.BadPlayers,
            c.Plan.Quarantine,
            [.. c.Plan.Cards.Select(PlannedCardResponse.Of)],
            c.PlannedAt,
            c.PlannedBy,
            c.AppliedAt,
            c.AppliedBy,
            c.Reason,
            c.OperationId
        );
}

internal sealed record PlannedCardResponse(
    Guid CardId,
    [property: Description("Position of its latest event when the plan was made.")] int Events,
    Guid Owner,
    [property: Description("Whose it will be; null when it stays.")] Guid? To,
    [property: Description("It came from nowhere and goes to the house.")] bool IsQuarantined,
    [property: Description("The events it goes back over, latest first.")] IReadOnlyList<Guid> Undoes,
    [property: AllowedValues("damaged", "owner-closed", "moved-on", "trade-stands", "no-cause"), Description("Why it stays, or goes no further back.")]
        string? Stands,
    [property: Description("The event that could not be taken back and keeps it.")] Guid? Because
)
{
    public static PlannedCardResponse Of(PlannedCard card) =>
        new(card.CardId, card.Events, card.Owner, card.To, card.IsQuarantined, card.Undoes, card.Stands?.Word(), card.Because);
}
