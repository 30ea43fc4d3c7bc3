using System.ComponentModel;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Players that were found, the best match first.</summary>
internal sealed record PlayersResponse(IReadOnlyList<PlayerFoundResponse> Items);

/// <summary>One of them.</summary>
internal sealed record PlayerFoundResponse(
    Guid Id,
    string Username,
    string? DisplayName,
    string? AvatarUrl,
    int Level,
    [property: Description("0 to 5000; starts at 1000.")] int Rating
)
{
    public static PlayerFoundResponse Of(PlayerSummary player) =>
        new(player.Id, player.Username, player.DisplayName, player.AvatarUrl, player.Level, player.Rating);
}

/// <summary>What everyone may see of a player.</summary>
internal sealed record PlayerResponse(
    Guid Id,
    string Username,
    string? DisplayName,
    string? AvatarUrl,
    int Level,
    int Experience,
    [property: Description("0 to 5000; starts at 1000.")] int Rating,
    int PeakRating,
    int TotalGames,
    int GamesWon
)
{
    public static PlayerResponse Of(Player player) =>
        new(
            player.Id,
            player.Username,
            player.DisplayName,
            player.AvatarUrl,
            player.Level,
            player.Experience,
            player.Rating,
            player.PeakRating,
            player.TotalGames,
            player.GamesWon
        );
}
