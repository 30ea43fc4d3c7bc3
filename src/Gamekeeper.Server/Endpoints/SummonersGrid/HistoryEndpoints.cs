using System.ComponentModel;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Endpoints.Ops;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.SummonersGrid.Ownership;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>A card's provenance, checked here and in a form that anyone can check elsewhere.</summary>
internal static class HistoryEndpoints
{
    public static void Map(RouteGroupBuilder grid) =>
        grid.MapGet("/cards/{id}/history", ReadAsync)
            .WithName("getCardHistory")
            .WithSummary("A card's whole history, verified now; with GET /v1/integrity/keys anyone can verify it again")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownCard);

    private static async Task<Results<Ok<CardHistoryResponse>, Refusal>> ReadAsync(Guid id, OwnershipHistory histories, CancellationToken cancellationToken)
    {
        if (await histories.VerifyAsync(id, cancellationToken) is not { } found)
            return new Refusal(GridErrors.UnknownCard, $"There is no card {id:D}.");
        var breach = (found.Verdict as CardVerdict.Broken)?.First;
        return TypedResults.Ok(
            new CardHistoryResponse(
                breach is null,
                breach is null ? null : new BreachResponse(breach.Table, breach.Key, breach.Finding),
                OwnershipExport.Of(found.History)
            )
        );
    }
}

internal sealed record CardHistoryResponse(
    [property: Description("Chain, signatures and the card's own row agree.")] bool IsIntact,
    [property: Description("The first bad row, when something does not agree.")] BreachResponse? FirstBreach,
    OwnershipExport History
);
