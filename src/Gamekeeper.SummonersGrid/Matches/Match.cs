using System.Text.Json;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>A match of two players.</summary>
public sealed record Match
{
    /// <summary>The longest id that a game server may give, in characters.</summary>
    public const int MaxGameIdLength = 100;

    /// <summary>The longest name of a mode or format, in characters.</summary>
    public const int MaxModeLength = 50;

    /// <summary>The largest state or replay that is kept with a match, in bytes of JSON.</summary>
    public const int MaxDataBytes = 512 * 1024;

    /// <summary>The match.</summary>
    public required Guid Id { get; init; }

    /// <summary>The game server's own name for it; there is one match of a name.</summary>
    public required string GameId { get; init; }

    /// <summary>Such as <c>ranked</c>.</summary>
    public required string GameMode { get; init; }

    /// <summary>Such as <c>3v3</c>.</summary>
    public required string Format { get; init; }

    /// <summary>One player.</summary>
    public required Guid PlayerAId { get; init; }

    /// <summary>The other player.</summary>
    public required Guid PlayerBId { get; init; }

    /// <summary>Who won; null for a draw, for an abandoned match, and until the end.</summary>
    public Guid? WinnerId { get; init; }

    /// <summary>Where it stands.</summary>
    public required MatchStatus Status { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended; null until then.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Whole seconds from start to end; null until then.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>Both players' ratings before and after, player A's first; empty unless completed.</summary>
    public required IReadOnlyList<RatingChange> RatingChanges { get; init; }

    /// <summary>True for the two who play.</summary>
    public bool IsOf(Guid player) => player == PlayerAId || player == PlayerBId;
}

/// <summary>Where a match stands. Every end is final.</summary>
public enum MatchStatus
{
    /// <summary>It is being played.</summary>
    Active,

    /// <summary>It has a result and has counted.</summary>
    Completed,

    /// <summary>It ended without a result and counts for nobody.</summary>
    Abandoned,
}

/// <summary>What a match did to a player's rating.</summary>
/// <param name="Player">Whose.</param>
/// <param name="Before">0 to 5000.</param>
/// <param name="After">0 to 5000.</param>
public sealed record RatingChange(Guid Player, int Before, int After)
{
    /// <summary>Points won; negative for points lost.</summary>
    public int Change => After - Before;
}

internal static class MatchRow
{
    public const string Columns =
        "m.id, m.game_id, m.game_mode, m.format, m.player_a_id, m.player_b_id, m.winner_id, m.status, m.start_time, m.end_time, "
        + "m.duration_seconds, m.rating_changes::text";

    /// <summary>How many <see cref="Columns"/> there are; what a statement adds stands behind them.</summary>
    public const int Width = 12;

    public static Match Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            GameId = row.GetString(1),
            GameMode = row.GetString(2),
            Format = row.GetString(3),
            PlayerAId = row.GetGuid(4),
            PlayerBId = row.GetGuid(5),
            WinnerId = row.IsDBNull(6) ? null : row.GetGuid(6),
            Status = Enum.Parse<MatchStatus>(row.GetString(7), ignoreCase: true),
            StartTime = row.GetFieldValue<DateTimeOffset>(8),
            EndTime = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
            DurationSeconds = row.IsDBNull(10) ? null : row.GetInt32(10),
            RatingChanges = row.IsDBNull(11) ? [] : JsonSerializer.Deserialize<RatingChange[]>(row.GetString(11), JsonSerializerOptions.Web)!,
        };
}
