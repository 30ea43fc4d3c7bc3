using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Packs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Packs: what they hold, and opening them for a player.</summary>
internal static class PackEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var packs = grid.MapGroup("/packs");
        packs.MapGet("/", List).WithName("listPacks").WithSummary("All packs with the chances of every slot");
        packs
            .MapPost("/{pack}/open", OpenAsync)
            .WithName("openPack")
            .WithSummary("Draw a pack for a player and mint its cards; the first draw under a key counts")
            .RequireAuthorization(Policies.Grant)
            .Refuses(GridErrors.UnknownPack, GridErrors.SetIncomplete, GridErrors.UnknownPlayer, GridErrors.PlayerFrozen);
    }

    private static Ok<PacksResponse> List(PackCatalogue packs) =>
        TypedResults.Ok(
            new PacksResponse(
                [
                    .. packs
                        .All.OrderBy(p => p.Id, StringComparer.Ordinal)
                        .Select(p => new PackResponse(p.Id, p.Name, p.Size, [.. p.Slots.Select(s => new PackSlotResponse(s.Count, s.Weights))])),
                ]
            )
        );

    private static async Task<Results<Created<MintResponse>, Refusal>> OpenAsync(
        [StringLength(100)] string pack,
        OpenPackRequest body,
        RequestKey key,
        Caller caller,
        OpenPack open,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await open.RunAsync(caller.Actor, pack, body.OwnerId!.Value, key.Value, cancellationToken) switch
        {
            OpenPackOutcome.Drawn drawn => CardEndpoints.Minted(drawn.Mint, context),
            OpenPackOutcome.UnknownPack => new Refusal(GridErrors.UnknownPack, "See GET /v1/summoners-grid/packs for those there are."),
            OpenPackOutcome.SetIncomplete incomplete => new Refusal(
                GridErrors.SetIncomplete,
                $"The set has no {incomplete.Rarity} card; import or seed the set first."
            ),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
}

internal sealed record PacksResponse(IReadOnlyList<PackResponse> Items);

internal sealed record PackResponse(string Id, string Name, int Size, IReadOnlyList<PackSlotResponse> Slots);

internal sealed record PackSlotResponse(int Count, IReadOnlyDictionary<string, int> Weights);
