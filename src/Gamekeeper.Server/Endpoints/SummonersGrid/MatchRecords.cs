using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gamekeeper.SummonersGrid.Matches;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Who plays what.</summary>
internal sealed record StartMatchRequest(
    [property: Required, StringLength(Match.MaxGameIdLength, MinimumLength = 1), Description("Your own name for the match; starting it again gives the match that is there.")] string GameId,
    [property: Required, StringLength(Match.MaxModeLength, MinimumLength = 1), Description("Such as `ranked`.")] string GameMode,
    [property: StringLength(Match.MaxModeLength, MinimumLength = 1), Description("`3v3` when absent.")] string? Format,
    [property: Required] Guid? PlayerAId,
    [property: Required] Guid? PlayerBId
)
{
    public MatchStart ToStart() => new(GameId, GameMode, PlayerAId!.Value, PlayerBId!.Value, Format ?? "3v3");
}

/// <summary>How a match ended: with a winner, or with `isDraw`.</summary>
internal sealed record FinishMatchRequest(
    [property: Description("One of the two players.")] Guid? WinnerId,
    [property: Description("True when nobody won; then there is no winner.")] bool? IsDraw,
    [property: Description("From the start to now; now when absent.")] DateTimeOffset? EndedAt,
    [property: Description("State or replay, at most 512 KB, never personal text.")] JsonElement? Data,
    [property: Length(0, MatchReport.MaxTemplates), Description("Templates that were played, one entry a use.")] IReadOnlyList<string>? TemplateIds
);

/// <summary>When a match was given up.</summary>
internal sealed record AbandonMatchRequest([property: Description("From the start to now; now when absent.")] DateTimeOffset? EndedAt);

/// <summary>A match of two players.</summary>
internal sealed record MatchResponse(
    Guid Id,
    string GameId,
    string GameMode,
    string Format,
    Guid PlayerAId,
    Guid PlayerBId,
    [property: Description("Null for a draw, for an abandoned match, and until the end.")] Guid? WinnerId,
    [property: AllowedValues("active", "completed", "abandoned")] string Status,
    DateTimeOffset StartTime,
    DateTimeOffset? EndTime,
    int? DurationSeconds,
    [property: Description("Both players' ratings before and after, player A's first; empty unless completed.")] IReadOnlyList<RatingChangeResponse> RatingChanges
)
{
    public static MatchResponse Of(Match match) =>
        new(
            match.Id,
            match.GameId,
            match.GameMode,
            match.Format,
            match.PlayerAId,
            match.PlayerBId,
            match.WinnerId,
            match.Status.ToString().ToLowerInvariant(),
            match.StartTime,
            match.EndTime,
            match.DurationSeconds,
            [.. match.RatingChanges.Select(c => new RatingChangeResponse(c.Player, c.Before, c.After, c.Change))]
        );
}

/// <summary>What a match did to a player's rating.</summary>
internal sealed record RatingChangeResponse(Guid PlayerId, int Before, int After, int Change);

/// <summary>State or replay of a match.</summary>
internal sealed record MatchDataResponse([property: Description("As it was reported; null when nothing was.")] JsonElement? Data);
