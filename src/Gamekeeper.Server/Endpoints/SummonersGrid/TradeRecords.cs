using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.SummonersGrid.Trading;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>What is offered, to whom, for what.</summary>
internal sealed record ProposeTradeRequest(
    [property: Required] Guid? TargetId,
    [property: Required, Length(0, Trade.MaxCards), Description("Your cards, each once; may be empty when some are requested.")] IReadOnlyList<Guid> OfferedCards,
    [property: Length(0, Trade.MaxCards), Description("The target's cards, each once; absent or empty for a gift.")] IReadOnlyList<Guid>? RequestedCards,
    [property: Description("When the offer ends by itself, at most 30 days ahead; after 24 hours when absent.")] DateTimeOffset? ExpiresAt,
    [property: StringLength(Trade.MaxMessageLength)] string? Message
);

/// <summary>Why a trade ends without cards moving.</summary>
internal sealed record CloseTradeRequest([property: StringLength(Trade.MaxReasonLength)] string? Reason);

/// <summary>An offer of cards for cards.</summary>
internal sealed record TradeResponse(
    Guid Id,
    Guid ProposerId,
    Guid TargetId,
    IReadOnlyList<Guid> OfferedCards,
    IReadOnlyList<Guid> RequestedCards,
    [property: AllowedValues("pending", "completed", "declined", "cancelled", "expired")] string Status,
    string? Message,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? CompletedAt,
    string? CancellationReason,
    [property: Description("The signed operation that moved the cards.")] Guid? OperationId,
    DateTimeOffset CreatedAt
)
{
    public static TradeResponse Of(Trade trade) =>
        new(
            trade.Id,
            trade.ProposerId,
            trade.TargetId,
            trade.OfferedCards,
            trade.RequestedCards,
            trade.Status.ToString().ToLowerInvariant(),
            trade.Message,
            trade.ExpiresAt,
            trade.CompletedAt,
            trade.CancellationReason,
            trade.OperationId,
            trade.CreatedAt
        );
}
