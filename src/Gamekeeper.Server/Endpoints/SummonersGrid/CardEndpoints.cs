using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Owned cards: minted, looked at, moved.</summary>
internal static class CardEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var cards = grid.MapGroup("/cards");
        cards
            .MapPost("/", MintAsync)
            .WithName("mintCards")
            .WithSummary("Bring cards into the world, at most 10 000, under one signature")
            .RequireAuthorization(Policies.Mint)
            .Refuses(GridErrors.UnknownTemplates, GridErrors.UnknownPlayer, GridErrors.PlayerFrozen);
        cards
            .MapGet("/{id}", GetAsync)
            .WithName("getCard")
            .WithSummary("One card with its template")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownCard);
        cards
            .MapPost("/{id}/transfer", TransferAsync)
            .WithName("transferCard")
            .WithSummary("Hand a card to another player; keys with the scope grant move anyone's")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownCard, GridErrors.UnknownPlayer, GridErrors.NotOwner, GridErrors.PlayerFrozen, GridErrors.CardFrozen);
        grid.MapGet("/players/{id}/cards", ByOwnerAsync)
            .WithName("listCardsOfPlayer")
            .WithSummary("A player's cards with their templates, newest first")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
    }

    private static async Task<Results<Created<MintResponse>, Refusal>> MintAsync(
        MintRequest body,
        RequestKey key,
        Caller caller,
        MintCards mint,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var order = new MintOrder(body.OwnerId!.Value, body.TemplateIds, body.Method ?? "pack_opening", body.Data?.GetRawText());
        return Minted(await mint.RunAsync(caller.Actor, order, key.Value, cancellationToken), context);
    }

    /// <summary>The answer to whatever mints.</summary>
    public static Results<Created<MintResponse>, Refusal> Minted(MintOutcome outcome, HttpContext context)
    {
        switch (outcome)
        {
            case MintOutcome.Minted minted:
                context.TellReplay(minted.IsReplay);
                return TypedResults.Created((string?)null, new MintResponse(minted.OperationId, minted.CardIds));
            case MintOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case MintOutcome.UnknownPlayer unknown:
                return GridErrors.Player(unknown.Player);
            case MintOutcome.PlayerFrozen frozen:
                return GridErrors.Frozen(frozen.Player);
            case MintOutcome.UnknownTemplates unknown:
                return new Refusal(
                    GridErrors.UnknownTemplates,
                    $"The catalogue has no template {GridErrors.Some([.. unknown.TemplateIds.Select(ParameterLimits.Shown)])}."
                );
            case MintOutcome.KeyReused:
                return Refusals.KeyReused();
            default:
                throw new System.Diagnostics.UnreachableException(outcome.GetType().Name);
        }
    }

    private static async Task<Results<Ok<CardResponse>, Refusal>> GetAsync(Guid id, CardRepository cards, CancellationToken cancellationToken) =>
        await cards.FindAsync(id, cancellationToken) is { } card
            ? TypedResults.Ok(CardResponse.Of(card))
            : new Refusal(GridErrors.UnknownCard, $"There is no card {id:D}.");

    private static async Task<Results<Ok<TransferResponse>, Refusal>> TransferAsync(
        Guid id,
        TransferRequest body,
        RequestKey key,
        Caller caller,
        TransferCard transfer,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var isService = caller.Actor.Kind == ActorKind.Service;
        if (isService && !caller.Identity!.Has(Policies.Grant))
            return new Refusal(RequestErrors.NotAllowed, "A service key moves cards with the scope grant only.");
        if (isService && body.From is null)
            return Refusal.OfField(RequestErrors.Invalid, "from", "is required of service keys: the player who must own the card now");
        var from = body.From ?? caller.Id;
        switch (await transfer.RunAsync(caller.Actor, id, from, body.To!.Value, body.Method ?? "gift", key.Value, cancellationToken))
        {
            case TransferCardOutcome.Transferred moved:
                context.TellReplay(moved.IsReplay);
                return TypedResults.Ok(new TransferResponse(moved.CardId, moved.OperationId));
            case TransferCardOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case TransferCardOutcome.UnknownCard:
                return new Refusal(GridErrors.UnknownCard, $"There is no card {id:D}.");
            case TransferCardOutcome.UnknownPlayer unknown:
                return GridErrors.Player(unknown.Player);
            case TransferCardOutcome.NotOwner:
                return new Refusal(GridErrors.NotOwner, $"Card {id:D} does not belong to {from:D}, or is not yours to give.");
            case TransferCardOutcome.PlayerFrozen frozen:
                return GridErrors.Frozen(frozen.Player);
            case TransferCardOutcome.CardFrozen frozen:
                return GridErrors.Kept(frozen.Card);
            case TransferCardOutcome.CardDamaged:
                return new Refusal(GridErrors.Damaged, $"Card {id:D} cannot move until operators have looked into it.");
            case TransferCardOutcome.KeyReused:
                return Refusals.KeyReused();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static async Task<Results<Ok<PageResponse<CardResponse>>, Refusal>> ByOwnerAsync(
        Guid id,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        CardRepository cards,
        CancellationToken cancellationToken
    ) => Paged.Answer(await cards.ByOwnerAsync(id, Paged.Asked(limit, cursor), cancellationToken), CardResponse.Of);
}
