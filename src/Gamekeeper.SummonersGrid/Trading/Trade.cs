using Npgsql;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>An offer of cards for cards.</summary>
public sealed record Trade
{
    /// <summary>The most cards on one side.</summary>
    public const int MaxCards = 100;

    /// <summary>The longest message, in characters.</summary>
    public const int MaxMessageLength = 500;

    /// <summary>The longest reason of an end, in characters.</summary>
    public const int MaxReasonLength = 100;

    /// <summary>The trade.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who offers.</summary>
    public required Guid ProposerId { get; init; }

    /// <summary>Who may accept.</summary>
    public required Guid TargetId { get; init; }

    /// <summary>Cards of the proposer; may be empty when some are requested.</summary>
    public required IReadOnlyList<Guid> OfferedCards { get; init; }

    /// <summary>Cards of the target; may be empty for a gift.</summary>
    public required IReadOnlyList<Guid> RequestedCards { get; init; }

    /// <summary>Where it stands.</summary>
    public required TradeStatus Status { get; init; }

    /// <summary>What the proposer wrote; null when nothing.</summary>
    public string? Message { get; init; }

    /// <summary>From then on it can no longer be accepted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was accepted; null until then.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it ended without a trade; null otherwise.</summary>
    public string? CancellationReason { get; init; }

    /// <summary>The signed operation that moved the cards; null until then.</summary>
    public Guid? OperationId { get; init; }

    /// <summary>When it was offered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Both sides' cards.</summary>
    public IEnumerable<Guid> AllCards => OfferedCards.Concat(RequestedCards);

    /// <summary>True for the two who trade.</summary>
    public bool Concerns(Guid player) => player == ProposerId || player == TargetId;
}

/// <summary>Where a trade stands. Every end is final.</summary>
public enum TradeStatus
{
    /// <summary>Waits for the target.</summary>
    Pending,

    /// <summary>Accepted; the cards have moved.</summary>
    Completed,

    /// <summary>The target said no.</summary>
    Declined,

    /// <summary>The proposer took it back, or one of its cards moved away.</summary>
    Cancelled,

    /// <summary>Nobody answered in time.</summary>
    Expired,
}

internal static class TradeRow
{
    public const string Columns =
        "t.id, t.proposer_id, t.target_player_id, t.offered_cards, t.requested_cards, t.status, t.message, t.expires_at, "
        + "t.completed_at, t.cancellation_reason, t.operation_id, t.created_at";

    public static Trade Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            ProposerId = row.GetGuid(1),
            TargetId = row.GetGuid(2),
            OfferedCards = row.GetFieldValue<Guid[]>(3),
            RequestedCards = row.GetFieldValue<Guid[]>(4),
            Status = Enum.Parse<TradeStatus>(row.GetString(5), ignoreCase: true),
            Message = row.IsDBNull(6) ? null : row.GetString(6),
            ExpiresAt = row.GetFieldValue<DateTimeOffset>(7),
            CompletedAt = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
            CancellationReason = row.IsDBNull(9) ? null : row.GetString(9),
            OperationId = row.IsDBNull(10) ? null : row.GetGuid(10),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(11),
        };
}
