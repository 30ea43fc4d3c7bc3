namespace Gamekeeper.SummonersGrid.Leaderboards;

/// <summary>What a leaderboard counts.</summary>
public enum LeaderboardType
{
    /// <summary>Rating, 0 to 5000.</summary>
    Rating,

    /// <summary>Won matches.</summary>
    Wins,
}

/// <summary>The first players of a leaderboard.</summary>
/// <param name="Type">What counts.</param>
/// <param name="Entries">The best first; the same score in the order in which the accounts were made.</param>
/// <param name="AsOf">When it was read; it may be shown for five minutes after that.</param>
public sealed record Leaderboard(LeaderboardType Type, IReadOnlyList<LeaderboardEntry> Entries, DateTimeOffset AsOf)
{
    /// <summary>As many players are on it.</summary>
    public const int Most = 100;
}

/// <summary>A player on a leaderboard.</summary>
/// <param name="Position">1 for the first; everyone has one of their own.</param>
/// <param name="Rank">1 for the first; players of the same score share it, and the next one skips as many.</param>
/// <param name="Score">Rating or won matches.</param>
/// <param name="PlayerId">The account's id.</param>
/// <param name="Username">Copy of the account's name.</param>
/// <param name="DisplayName">Copy of the account's display name; null when there is none.</param>
/// <param name="AvatarUrl">Copy of the account's picture address; null when there is none.</param>
public sealed record LeaderboardEntry(
    int Position,
    int Rank,
    int Score,
    Guid PlayerId,
    string Username,
    string? DisplayName,
    string? AvatarUrl
);
