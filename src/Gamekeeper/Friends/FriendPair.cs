namespace Gamekeeper.Friends;

/// <summary>
/// One row: two players, how they stand, and which of them blocks the other. A block changes nothing of how the blocked one believes to
/// stand. Names of states are as the table spells them.
/// </summary>
internal sealed record FriendPair(
    Guid Id,
    Guid Requester,
    Guid Addressee,
    string Status,
    DateTimeOffset Since,
    DateTimeOffset? RequesterBlocks,
    DateTimeOffset? AddresseeBlocks
)
{
    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Declined = "declined";

    /// <summary>Nothing but a block.</summary>
    public const string Blocked = "blocked";

    /// <summary>True for a row that says nothing any more.</summary>
    public bool IsEmpty => Status == Blocked && RequesterBlocks is null && AddresseeBlocks is null;

    public bool IsBlockedBy(Guid player) => (player == Requester ? RequesterBlocks : AddresseeBlocks) is not null;

    public bool IsDeclinedBy(Guid player) => Status == Declined && Addressee == player;

    /// <summary>What a player may know: nothing of the other's block.</summary>
    public FriendStanding SeenBy(Guid player) =>
        IsBlockedBy(player)
            ? FriendStanding.Blocked
            : Status switch
            {
                Accepted => FriendStanding.Friends,
                Pending => Requester == player ? FriendStanding.Asked : FriendStanding.AskedBy,
                _ => FriendStanding.None,
            };

    /// <summary>The two in another state; a player's block stays that player's, whoever is the requester now.</summary>
    public FriendPair Becomes(string status, Guid requester, DateTimeOffset since) =>
        requester == Requester
            ? this with { Status = status, Since = since }
            : new FriendPair(Id, Addressee, Requester, status, since, AddresseeBlocks, RequesterBlocks);

    /// <summary>With a player's block, or without for null.</summary>
    public FriendPair WithBlock(Guid player, DateTimeOffset? since) =>
        player == Requester ? this with { RequesterBlocks = since } : this with { AddresseeBlocks = since };
}

/// <summary>How much of everything a player has, each counted up to a limit.</summary>
internal readonly record struct FriendCounts(long Friends, long Asked, long Asking, long Blocked);

/// <summary>What a verb does to a pair: nothing, save it, or remove it; and what is told of it.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Save">The row as it is to be; null when nothing is saved. An empty one is removed.</param>
/// <param name="Event">Topic of what others hear of it; null when nobody does.</param>
internal sealed record FriendStep(FriendOutcome Outcome, FriendPair? Save = null, string? Event = null);
