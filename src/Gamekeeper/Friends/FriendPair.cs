namespace Gamekeeper.Friends;

/// <summary>One row: two players and how they stand. Names of states are as the table spells them.</summary>
internal sealed record FriendPair(
    Guid Id,
    Guid Requester,
    Guid Addressee,
    string Status,
    string? Behind,
    DateTimeOffset? BehindSince,
    DateTimeOffset UpdatedAt
)
{
    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Declined = "declined";
    public const string Blocked = "blocked";

    /// <summary>True for the one state as seen from the one side.</summary>
    public bool Is(string status, Guid requester) => Status == status && Requester == requester;

    /// <summary>What a player may know. One who is blocked sees what stands behind the block.</summary>
    public FriendStanding SeenBy(Guid player) =>
        Status switch
        {
            Accepted => FriendStanding.Friends,
            Pending => Requester == player ? FriendStanding.Asked : FriendStanding.AskedBy,
            Blocked when Requester == player || Behind == Blocked => FriendStanding.Blocked,
            Blocked when Behind == Pending => FriendStanding.Asked,
            _ => FriendStanding.None,
        };
}

/// <summary>How much of everything a player has, each counted up to a limit.</summary>
internal readonly record struct FriendCounts(long Friends, long Asked, long Asking, long Blocked);

/// <summary>What a verb does to a pair: nothing, save it, or remove it; and what is told of it.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Save">The row as it is to be; null when nothing is saved.</param>
/// <param name="Remove">True when the row goes.</param>
/// <param name="Event">Topic of what others hear of it; null when nobody does.</param>
internal sealed record FriendStep(FriendOutcome Outcome, FriendPair? Save = null, bool Remove = false, string? Event = null)
{
    public bool Writes => Save is not null || Remove;
}
