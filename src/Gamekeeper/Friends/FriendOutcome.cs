namespace Gamekeeper.Friends;

/// <summary>What came of a verb among friends.</summary>
public abstract record FriendOutcome
{
    private FriendOutcome() { }

    /// <summary>It is so now, whether by this call or since an earlier one.</summary>
    /// <param name="Standing">How the two stand, as the actor may know it.</param>
    public sealed record Done(FriendStanding Standing) : FriendOutcome;

    /// <summary>The input itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : FriendOutcome;

    /// <summary>There is no such player in this game, or the account is closed.</summary>
    public sealed record UnknownPlayer(Guid Player) : FriendOutcome;

    /// <summary>One of the two is frozen: no request is made or accepted meanwhile.</summary>
    public sealed record PlayerFrozen(Guid Player) : FriendOutcome;

    /// <summary>That player has not asked, or has taken it back.</summary>
    public sealed record NoRequest : FriendOutcome;

    /// <summary>That player has declined; ask again from then on.</summary>
    public sealed record AskedTooSoon(DateTimeOffset From) : FriendOutcome;

    /// <summary>The actor has blocked that player; unblock first.</summary>
    public sealed record BlockedByYou : FriendOutcome;

    /// <summary>This player has as many friends as one can have.</summary>
    public sealed record TooManyFriends(Guid Player, int Limit) : FriendOutcome;

    /// <summary>This player has asked, or is asked by, as many as one can wait for.</summary>
    public sealed record TooManyRequests(Guid Player, int Limit) : FriendOutcome;

    /// <summary>The actor has blocked as many as one can.</summary>
    public sealed record TooManyBlocked(int Limit) : FriendOutcome;
}

/// <summary>How two players stand, as one of them may know it.</summary>
public enum FriendStanding
{
    /// <summary>Nothing: never asked, declined, removed, or blocked by the other.</summary>
    None,

    /// <summary>The actor has asked and waits; so it seems, too, to one who is blocked.</summary>
    Asked,

    /// <summary>The other has asked and waits.</summary>
    AskedBy,

    /// <summary>Friends.</summary>
    Friends,

    /// <summary>The actor has blocked the other.</summary>
    Blocked,
}

/// <summary>The other one of a pair, with the game's public names.</summary>
/// <param name="PlayerId">The player.</param>
/// <param name="Username">Copy of the account's name.</param>
/// <param name="DisplayName">Copy of the account's display name; null when there is none.</param>
/// <param name="AvatarUrl">Copy of the account's picture address; null when there is none.</param>
/// <param name="Since">Since when the two stand so.</param>
public sealed record Friend(Guid PlayerId, string Username, string? DisplayName, string? AvatarUrl, DateTimeOffset Since);
