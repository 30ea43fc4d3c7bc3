using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>A player of this game: public names copied from the account, and the game's own numbers.</summary>
public sealed record Player
{
    /// <summary>The account's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Copy of the account's name.</summary>
    public required string Username { get; init; }

    /// <summary>Copy of the account's display name; null when there is none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Copy of the account's picture address; null when there is none.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>From 1.</summary>
    public required int Level { get; init; }

    /// <summary>Experience points, from 0.</summary>
    public required int Experience { get; init; }

    /// <summary>0 to 5000; starts at 1000.</summary>
    public required int Rating { get; init; }

    /// <summary>The highest rating so far; never falls.</summary>
    public required int PeakRating { get; init; }

    /// <summary>Finished matches, drawn ones among them.</summary>
    public required int TotalGames { get; init; }

    /// <summary>Won matches.</summary>
    public required int GamesWon { get; init; }

    /// <summary>False once the account is closed.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Since when the player may neither give nor take; null when free.</summary>
    public DateTimeOffset? FrozenAt { get; init; }

    /// <summary>First call to this game.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Thirteen, from 0 to 12.</summary>
    internal const string Columns =
        "u.id, u.username, u.display_name, u.avatar_url, u.level, u.experience, u.rating, u.peak_rating, u.total_games, u.games_won, "
        + "u.is_active, u.frozen_at, u.created_at";

    internal static Player Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            Username = row.GetString(1),
            DisplayName = row.IsDBNull(2) ? null : row.GetString(2),
            AvatarUrl = row.IsDBNull(3) ? null : row.GetString(3),
            Level = row.GetInt32(4),
            Experience = row.GetInt32(5),
            Rating = row.GetInt32(6),
            PeakRating = row.GetInt32(7),
            TotalGames = row.GetInt32(8),
            GamesWon = row.GetInt32(9),
            IsActive = row.GetBoolean(10),
            FrozenAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
        };
}
