using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Ownership.Freezing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid.Incidents;

/// <summary>Keeping cards where they are. Effective when answered: it has waited for every trade that saw them free.</summary>
internal static class CardFreezeEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        grid.MapPost("/cards/freeze", FreezeAsync)
            .WithName("freezeCards")
            .WithSummary("Freeze cards, all or none; safe to repeat, the first reason stands")
            .Refuses(GridErrors.UnknownCard);
        grid.MapPost("/cards/unfreeze", UnfreezeAsync)
            .WithName("unfreezeCards")
            .WithSummary("Free cards, all or none; safe to repeat")
            .Refuses(GridErrors.UnknownCard);
    }

    private static async Task<Results<Ok<CardsFrozenResponse>, Refusal>> FreezeAsync(
        FreezeCardsRequest body,
        Caller caller,
        FreezeCards freeze,
        CancellationToken cancellationToken
    ) =>
        await freeze.RunAsync(caller.Actor, body.CardIds, body.Reason, cancellationToken) switch
        {
            FreezeCardsOutcome.Done done => TypedResults.Ok(new CardsFrozenResponse(done.Frozen, done.Already)),
            FreezeCardsOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            FreezeCardsOutcome.UnknownCards unknown => Unknown(unknown.Cards),
            _ => IncidentErrors.OperatorsOnly(),
        };

    private static async Task<Results<Ok<CardsFreedResponse>, Refusal>> UnfreezeAsync(
        UnfreezeCardsRequest body,
        Caller caller,
        UnfreezeCards unfreeze,
        CancellationToken cancellationToken
    ) =>
        await unfreeze.RunAsync(caller.Actor, body.CardIds, cancellationToken) switch
        {
            UnfreezeCardsOutcome.Done done => TypedResults.Ok(new CardsFreedResponse(done.Freed, done.Already)),
            UnfreezeCardsOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            UnfreezeCardsOutcome.UnknownCards unknown => Unknown(unknown.Cards),
            _ => IncidentErrors.OperatorsOnly(),
        };

    private static Refusal Unknown(IReadOnlyList<Guid> cards) => new(GridErrors.UnknownCard, $"There is no card {GridErrors.Some(cards)}.");
}

internal sealed record FreezeCardsRequest(
    [property: Required, Length(1, FreezeCards.MaxCards)] IReadOnlyList<Guid> CardIds,
    [property: Required, StringLength(50, MinimumLength = 1), Description("A word for why, such as duped: a-z, 0-9, _ and -.")] string Reason
);

internal sealed record UnfreezeCardsRequest([property: Required, Length(1, FreezeCards.MaxCards)] IReadOnlyList<Guid> CardIds);

internal sealed record CardsFrozenResponse(
    [property: Description("By this request.")] IReadOnlyList<Guid> Frozen,
    [property: Description("Before; their first reason stands.")] IReadOnlyList<Guid> Already
);

internal sealed record CardsFreedResponse(
    [property: Description("By this request.")] IReadOnlyList<Guid> Freed,
    [property: Description("Before.")] IReadOnlyList<Guid> Already
);
