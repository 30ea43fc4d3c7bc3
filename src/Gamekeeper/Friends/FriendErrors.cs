namespace Gamekeeper.Friends;

/// <summary>The published codes of refusals among friends; stable across versions.</summary>
public static class FriendErrors
{
    public const string UnknownPlayer = "players.unknown";
    public const string PlayerFrozen = "players.frozen";
    public const string NoRequest = "friends.no-request";
    public const string AskedTooSoon = "friends.asked-too-soon";
    public const string BlockedByYou = "friends.blocked-by-you";
    public const string TooManyFriends = "friends.too-many";
    public const string TooManyRequests = "friends.too-many-requests";
    public const string TooManyBlocked = "friends.too-many-blocked";
}
