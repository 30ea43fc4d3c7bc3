using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.SummonersGrid.Players;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Players: found by name, looked at.</summary>
internal static class PlayerEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var players = grid.MapGroup("/players");
        players
            .MapGet("/", SearchAsync)
            .WithName("searchPlayers")
            .WithSummary("Find players by part of a name, or by words; closed accounts are not found")
            .RequireAuthorization(Policies.Anyone);
        players
            .MapGet("/{id}", GetAsync)
            .WithName("getPlayer")
            .WithSummary("What everyone may see of a player")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.NoSuchPlayer);
    }

    private static async Task<Results<Ok<PlayersResponse>, Refusal>> SearchAsync(
        [StringLength(PlayerQuestion.MaxTextLength, MinimumLength = 1), Description("Part of a username or display name, in any case.")] string search,
        [AllowedValues("substring", "words"), Description("`substring` when absent. `words`: whole words of both names, the last one perhaps only begun, best match first.")]
            string? mode,
        [Range(1, PlayerQuestion.MaxLimit), Description("20 when absent.")] int? limit,
        SearchPlayers players,
        CancellationToken cancellationToken
    )
    {
        var how = mode == "words" ? PlayerSearchMode.Words : PlayerSearchMode.Substring;
        return await players.RunAsync(new PlayerQuestion(search, how, limit ?? PlayerQuestion.DefaultLimit), cancellationToken) switch
        {
            SearchPlayersOutcome.Found found => TypedResults.Ok(new PlayersResponse([.. found.Players.Select(PlayerFoundResponse.Of)])),
            SearchPlayersOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Results<Ok<PlayerResponse>, Refusal>> GetAsync(Guid id, PlayerRepository players, CancellationToken cancellationToken) =>
        await players.FindAsync(id, cancellationToken) is { IsActive: true } player ? TypedResults.Ok(PlayerResponse.Of(player)) : Unknown(id);

    private static Refusal Unknown(Guid id) => new(GridErrors.NoSuchPlayer, $"There is no player {id:D}.");
}
