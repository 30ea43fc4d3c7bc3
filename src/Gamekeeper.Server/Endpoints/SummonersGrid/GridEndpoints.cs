using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Endpoints.Friends;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Summoner's Grid on the wire.</summary>
internal static class GridEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var grid = v1.MapGroup("/summoners-grid").WithTags("Summoner's Grid").AddEndpointFilter(JoinAsync);
        TemplateEndpoints.Map(grid);
        CardEndpoints.Map(grid);
        HistoryEndpoints.Map(grid);
        PackEndpoints.Map(grid);
        TradeEndpoints.Map(grid);
        DeckEndpoints.Map(grid);
        FriendEndpoints.Map<SummonersGridModule>(grid).AddEndpointFilter(KnowTheOtherAsync);
        PlayerEndpoints.Map(grid);
        StatsEndpoints.Map(grid);
        MatchEndpoints.Map(grid);
        LeaderboardEndpoints.Map(grid);
    }

    // An account's first call to the game makes its player row; afterwards this costs a look into memory.
    private static async ValueTask<object?> JoinAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (CallerIdentity.Of(http.User) is { Kind: ActorKind.Player or ActorKind.Operator } caller)
            await http.RequestServices.GetRequiredService<PlayerRepository>().EnsureAsync(caller.Id, http.RequestAborted);
        return await next(context);
    }

    // Whoever is asked or blocked may never have called this game; nobody is made a player by being looked at.
    private static async ValueTask<object?> KnowTheOtherAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && Guid.TryParseExact(http.GetRouteValue("id") as string, "D", out var other))
            await http.RequestServices.GetRequiredService<PlayerRepository>().EnsureAsync(other, http.RequestAborted);
        return await next(context);
    }
}
