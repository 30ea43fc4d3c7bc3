using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Players;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Players' numbers: read by everyone, set by game servers.</summary>
internal static class StatsEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var players = grid.MapGroup("/players");
        players
            .MapGet("/{id}/stats", GetAsync)
            .WithName("getPlayerStats")
            .WithSummary("A player's numbers, all as of one moment")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.NoSuchPlayer);
        players
            .MapPost("/stats", UpdateAsync)
            .WithName("updatePlayerStats")
            .WithSummary("Set numbers of several players, all or none; results of matches are reported by finishing them")
            .RequireAuthorization(Policies.Report)
            .Refuses(GridErrors.UnknownPlayer);
    }

    private static async Task<Results<Ok<StatsResponse>, Refusal>> GetAsync(Guid id, PlayerRepository players, CancellationToken cancellationToken) =>
        await players.StatsAsync(id, cancellationToken) is { } stats
            ? TypedResults.Ok(StatsResponse.Of(stats))
            : new Refusal(GridErrors.NoSuchPlayer, $"There is no player {id:D}.");

    private static async Task<Results<Ok<UpdateStatsResponse>, Refusal>> UpdateAsync(
        UpdateStatsRequest body,
        RequestKey key,
        Caller caller,
        UpdateStats update,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var changes = body.Updates.Select(u => u.ToChange()).ToList();
        switch (await update.RunAsync(caller.Actor, changes, key.Value, cancellationToken))
        {
            case UpdateStatsOutcome.Updated updated:
                context.TellReplay(updated.IsReplay);
                return TypedResults.Ok(new UpdateStatsResponse(updated.Players));
            case UpdateStatsOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case UpdateStatsOutcome.UnknownPlayers unknown:
                return new Refusal(GridErrors.UnknownPlayer, $"Nothing was changed; no players of this game: {GridErrors.Some(unknown.Players)}.");
            case UpdateStatsOutcome.KeyReused:
                return Refusals.KeyReused();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }
}

/// <summary>Numbers of several players, each of them named once.</summary>
internal sealed record UpdateStatsRequest([property: Required, Length(0, UpdateStats.MaxPlayers)] IReadOnlyList<StatsChangeRequest> Updates);

/// <summary>New numbers of one player; what is absent stays as it is.</summary>
internal sealed record StatsChangeRequest(
    [property: Required] Guid? PlayerId,
    [property: Range(1, int.MaxValue)] int? Level,
    [property: Range(0, int.MaxValue)] int? Experience,
    [property: Range(0, 5000), Description("A higher one than ever becomes the best so far.")] int? Rating,
    [property: Range(0, int.MaxValue)] int? TotalGames,
    [property: Range(0, int.MaxValue), Description("At most the total.")] int? GamesWon
)
{
    public StatsChange ToChange() => new(PlayerId!.Value, Level, Experience, Rating, TotalGames, GamesWon);
}

/// <summary>How many players were named.</summary>
internal sealed record UpdateStatsResponse(int Players);

/// <summary>A player's numbers.</summary>
internal sealed record StatsResponse(
    Guid PlayerId,
    int Level,
    int Experience,
    [property: Description("0 to 5000; starts at 1000.")] int Rating,
    int PeakRating,
    [property: Description("Finished matches, drawn ones among them.")] int TotalGames,
    int GamesWon,
    [property: Description("Won of all finished, 0 to 1; 0 before the first.")] double WinRate,
    long CardsOwned,
    long TradesCompleted
)
{
    public static StatsResponse Of(PlayerStats stats) =>
        new(
            stats.Player.Id,
            stats.Player.Level,
            stats.Player.Experience,
            stats.Player.Rating,
            stats.Player.PeakRating,
            stats.Player.TotalGames,
            stats.Player.GamesWon,
            stats.WinRate,
            stats.CardsOwned,
            stats.TradesCompleted
        );
}
