using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.SummonersGrid.Leaderboards;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Leaderboards, for looking at.</summary>
internal static class LeaderboardEndpoints
{
    public static void Map(RouteGroupBuilder grid) =>
        grid.MapGet("/leaderboards/{type}", TopAsync)
            .WithName("getLeaderboard")
            .WithSummary("The first hundred players, at most five minutes old; closed accounts are on none")
            .RequireAuthorization(Policies.Anyone);

    private static async Task<Ok<LeaderboardResponse>> TopAsync(
        [AllowedValues("rating", "wins"), Description("What counts.")] string type,
        LeaderboardRepository leaderboards,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(LeaderboardResponse.Of(await leaderboards.TopAsync(Enum.Parse<LeaderboardType>(type, ignoreCase: true), cancellationToken)));
}

/// <summary>The first players by one number, the best first.</summary>
internal sealed record LeaderboardResponse(string Type, DateTimeOffset AsOf, IReadOnlyList<LeaderboardEntryResponse> Entries)
{
    public static LeaderboardResponse Of(Leaderboard board) =>
        new(board.Type.ToString().ToLowerInvariant(), board.AsOf, [.. board.Entries.Select(LeaderboardEntryResponse.Of)]);
}

/// <summary>A player on it.</summary>
internal sealed record LeaderboardEntryResponse(
    [property: Description("From 1; everyone has one of their own, the same score in the order in which the accounts were made.")] int Position,
    [property: Description("From 1; players of the same score share it, and the next one skips as many.")] int Rank,
    int Score,
    Guid PlayerId,
    string Username,
    string? DisplayName,
    string? AvatarUrl
)
{
    public static LeaderboardEntryResponse Of(LeaderboardEntry entry) =>
        new(entry.Position, entry.Rank, entry.Score, entry.PlayerId, entry.Username, entry.DisplayName, entry.AvatarUrl);
}
