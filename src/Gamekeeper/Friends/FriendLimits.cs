namespace Gamekeeper.Friends;

/// <summary>The limits among friends; the same in every game.</summary>
public static class FriendLimits
{
    /// <summary>The most friends of one player.</summary>
    public const int Friends = 500;

    /// <summary>The most requests of one player that wait for an answer.</summary>
    public const int Asked = 100;

    /// <summary>The most requests to one player that wait for an answer.</summary>
    public const int Asking = 500;

    /// <summary>The most players that one has blocked.</summary>
    public const int Blocked = 1000;

    /// <summary>How long after a refusal the same player may not ask again: a week. Whoever declined may ask at any time.</summary>
    public static readonly TimeSpan AfterDecline = TimeSpan.FromDays(7);

    internal const int CountUpTo = 1001;
}
