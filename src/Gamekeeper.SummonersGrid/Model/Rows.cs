namespace Gamekeeper.SummonersGrid;

// The tables as they are, for a studio's own LINQ queries. Nothing here is written through EF Core.

/// <summary>A row of summoners_grid.users.</summary>
public sealed class PlayerRow
{
    public Guid Id { get; init; }
    public required string Username { get; init; }
    public string? DisplayName { get; init; }
    public string? AvatarUrl { get; init; }
    public int Level { get; init; }
    public int Experience { get; init; }
    public int Rating { get; init; }
    public int PeakRating { get; init; }
    public int TotalGames { get; init; }
    public int GamesWon { get; init; }
    public bool IsActive { get; init; }
    public DateTimeOffset? FrozenAt { get; init; }
    public long AccountVersion { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A row of summoners_grid.card_templates; the documents are JSON text.</summary>
public sealed class CardTemplateRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required string Rarity { get; init; }
    public string? Cost { get; init; }
    public string? Requirements { get; init; }
    public string? Effects { get; init; }
    public string? Attributes { get; init; }
    public string? Stats { get; init; }
    public string? FlavorText { get; init; }
    public string? ImageUrl { get; init; }
    public int UsageCount { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A row of summoners_grid.card_instances.</summary>
public sealed class CardInstanceRow
{
    public Guid Id { get; init; }
    public required string TemplateId { get; init; }
    public CardTemplateRow Template { get; init; } = null!;
    public Guid OwnerId { get; init; }
    public PlayerRow Owner { get; init; } = null!;
    public string? UniqueStats { get; init; }
    public required string Signature { get; init; }
    public required string[] SignatureChain { get; init; }
    public int Events { get; init; }
    public required string AcquiredMethod { get; init; }
    public string? AcquisitionData { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastTransferred { get; init; }
    public DateTimeOffset? FrozenAt { get; init; }
    public string? FrozenReason { get; init; }
}

/// <summary>A row of summoners_grid.ownership_history.</summary>
public sealed class OwnershipHistoryRow
{
    public Guid Id { get; init; }
    public Guid CardInstanceId { get; init; }
    public int Position { get; init; }
    public Guid OperationId { get; init; }
    public Guid? PreviousOwnerId { get; init; }
    public Guid NewOwnerId { get; init; }
    public required string TransferMethod { get; init; }
    public string? TransferData { get; init; }
    public byte[]? DataSalt { get; init; }
    public byte[]? PreviousHash { get; init; }
    public required string Signature { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A row of summoners_grid.trade_proposals.</summary>
public sealed class TradeProposalRow
{
    public Guid Id { get; init; }
    public Guid ProposerId { get; init; }
    public Guid TargetPlayerId { get; init; }
    public required Guid[] OfferedCards { get; init; }
    public required Guid[] RequestedCards { get; init; }
    public required string Status { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public string? CancellationReason { get; init; }
    public Guid? OperationId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A row of summoners_grid.friendships.</summary>
public sealed class FriendshipRow
{
    public Guid Id { get; init; }
    public Guid RequesterId { get; init; }
    public Guid AddresseeId { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? RequesterBlocksSince { get; init; }
    public DateTimeOffset? AddresseeBlocksSince { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A row of summoners_grid.game_sessions; rating changes and data are JSON text.</summary>
public sealed class GameSessionRow
{
    public Guid Id { get; init; }
    public required string GameId { get; init; }
    public required string GameMode { get; init; }
    public required string Format { get; init; }
    public Guid PlayerAId { get; init; }
    public Guid PlayerBId { get; init; }
    public Guid? WinnerId { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public int? DurationSeconds { get; init; }
    public string? RatingChanges { get; init; }
    public string? GameData { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
