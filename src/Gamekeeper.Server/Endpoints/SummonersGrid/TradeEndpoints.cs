using System.ComponentModel.DataAnnotations;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>Offers of cards for cards.</summary>
internal static class TradeEndpoints
{
    public static void Map(RouteGroupBuilder grid)
    {
        var trades = grid.MapGroup("/trades");
        trades
            .MapPost("/", ProposeAsync)
            .WithName("proposeTrade")
            .WithSummary("Offer cards for cards; they stay where they are until the offer is accepted")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownPlayer, GridErrors.PlayerFrozen, GridErrors.NotOwned, GridErrors.CardFrozen, GridErrors.TooManyOpen);
        trades
            .MapGet("/", ListAsync)
            .WithName("listTrades")
            .WithSummary("Trades of a player on either side, newest first; your own, or with the scope operate anyone's")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(PagingErrors.All);
        trades
            .MapGet("/{id}", GetAsync)
            .WithName("getTrade")
            .WithSummary("One trade, for those it concerns and for the scope operate")
            .RequireAuthorization(Policies.Anyone)
            .Refuses(GridErrors.UnknownTrade);
        trades
            .MapPost("/{id}/accept", AcceptAsync)
            .WithName("acceptTrade")
            .WithSummary("Accept: both sides' cards change hands at once, and rival offers for any of them end")
            .RequireAuthorization(Policies.Account)
            .Refuses(
                GridErrors.UnknownTrade,
                GridErrors.NotTheTarget,
                GridErrors.NotPending,
                GridErrors.Expired,
                GridErrors.CardsMoved,
                GridErrors.CardFrozen,
                GridErrors.Damaged,
                GridErrors.PlayerFrozen
            );
        trades
            .MapPost("/{id}/decline", DeclineAsync)
            .WithName("declineTrade")
            .WithSummary("Say no to an offer")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownTrade, GridErrors.NotTheTarget, GridErrors.NotPending);
        trades
            .MapPost("/{id}/cancel", CancelAsync)
            .WithName("cancelTrade")
            .WithSummary("Take your offer back")
            .RequireAuthorization(Policies.Account)
            .Refuses(GridErrors.UnknownTrade, GridErrors.NotTheProposer, GridErrors.NotPending);
    }

    private static async Task<Results<Created<TradeResponse>, Refusal>> ProposeAsync(
        ProposeTradeRequest body,
        RequestKey key,
        Caller caller,
        ProposeTrade propose,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var offer = new TradeOffer(body.TargetId!.Value, body.OfferedCards, body.RequestedCards ?? [], body.ExpiresAt, body.Message);
        switch (await propose.RunAsync(caller.Actor, offer, key.Value, cancellationToken))
        {
            case ProposeTradeOutcome.Proposed proposed:
                context.TellReplay(proposed.IsReplay);
                return TypedResults.Created($"/v1/summoners-grid/trades/{proposed.Trade.Id:D}", TradeResponse.Of(proposed.Trade));
            case ProposeTradeOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case ProposeTradeOutcome.UnknownPlayer unknown:
                return GridErrors.Player(unknown.Player);
            case ProposeTradeOutcome.PlayerFrozen frozen:
                return GridErrors.Frozen(frozen.Player);
            case ProposeTradeOutcome.NotOwned foreign:
                return new Refusal(GridErrors.NotOwned, $"Not theirs to give, or not there: {GridErrors.Some(foreign.Cards)}.");
            case ProposeTradeOutcome.CardFrozen frozen:
                return GridErrors.Kept(frozen.Card);
            case ProposeTradeOutcome.TooManyOpen open:
                return new Refusal(GridErrors.TooManyOpen, $"A player has at most {open.Limit} open offers; cancel one first.");
            case ProposeTradeOutcome.KeyReused:
                return Refusals.KeyReused();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static async Task<Results<Ok<PageResponse<TradeResponse>>, Refusal>> ListAsync(
        Guid? player,
        [AllowedValues("pending", "completed", "declined", "cancelled", "expired")] string? status,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        TradeRepository trades,
        CancellationToken cancellationToken
    )
    {
        if (player != caller.Id && !MaySee(caller) && (player is not null || caller.Actor.Kind == ActorKind.Service))
            return new Refusal(RequestErrors.NotAllowed, "A player lists own trades only; a service key needs the scope operate.");
        if (player is null && caller.Actor.Kind == ActorKind.Service)
            return Refusal.OfField(RequestErrors.Invalid, "player", "is required of service keys");
        var standing = status is null ? (TradeStatus?)null : Enum.Parse<TradeStatus>(status, ignoreCase: true);
        return Paged.Answer(await trades.ByPlayerAsync(player ?? caller.Id, standing, Paged.Asked(limit, cursor), cancellationToken), TradeResponse.Of);
    }

    private static async Task<Results<Ok<TradeResponse>, Refusal>> GetAsync(Guid id, Caller caller, TradeRepository trades, CancellationToken cancellationToken) =>
        await trades.FindAsync(caller.Actor, id, cancellationToken) is { } trade && (trade.Concerns(caller.Id) || MaySee(caller)) ? TypedResults.Ok(TradeResponse.Of(trade)) : Unknown(id);

    private static async Task<Results<Ok<TradeResponse>, Refusal>> AcceptAsync(
        Guid id,
        RequestKey key,
        Caller caller,
        AcceptTrade accept,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        switch (await accept.RunAsync(caller.Actor, id, key.Value, cancellationToken))
        {
            case AcceptTradeOutcome.Accepted accepted:
                context.TellReplay(accepted.IsReplay);
                return TypedResults.Ok(TradeResponse.Of(accepted.Trade));
            case AcceptTradeOutcome.Unknown:
                return Unknown(id);
            case AcceptTradeOutcome.NotTheTarget:
                return new Refusal(GridErrors.NotTheTarget, "You proposed this trade; the other player accepts it.");
            case AcceptTradeOutcome.NotPending ended:
                return Ended(ended.Status);
            case AcceptTradeOutcome.Expired expired:
                return new Refusal(GridErrors.Expired, $"The offer ended at {expired.At:O}.");
            case AcceptTradeOutcome.CardsMoved moved:
                return new Refusal(GridErrors.CardsMoved, $"These have a new owner: {GridErrors.Some(moved.Cards)}.");
            case AcceptTradeOutcome.PlayerFrozen frozen:
                return GridErrors.Frozen(frozen.Player);
            case AcceptTradeOutcome.CardFrozen frozen:
                return GridErrors.Kept(frozen.Card);
            case AcceptTradeOutcome.CardDamaged damaged:
                return new Refusal(GridErrors.Damaged, $"Card {damaged.Card:D} cannot move until operators have looked into it.");
            case AcceptTradeOutcome.KeyReused:
                return Refusals.KeyReused();
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static async Task<Results<Ok<TradeResponse>, Refusal>> DeclineAsync(
        Guid id,
        CloseTradeRequest? body,
        RequestKey key,
        Caller caller,
        CloseTrade close,
        HttpContext context,
        CancellationToken cancellationToken
    ) => Closed(await close.DeclineAsync(caller.Actor, id, body?.Reason, key.Value, cancellationToken), id, GridErrors.NotTheTarget, context);

    private static async Task<Results<Ok<TradeResponse>, Refusal>> CancelAsync(
        Guid id,
        CloseTradeRequest? body,
        RequestKey key,
        Caller caller,
        CloseTrade close,
        HttpContext context,
        CancellationToken cancellationToken
    ) => Closed(await close.CancelAsync(caller.Actor, id, body?.Reason, key.Value, cancellationToken), id, GridErrors.NotTheProposer, context);

    private static Results<Ok<TradeResponse>, Refusal> Closed(CloseTradeOutcome outcome, Guid id, ErrorCode notYours, HttpContext context)
    {
        switch (outcome)
        {
            case CloseTradeOutcome.Closed closed:
                context.TellReplay(closed.IsReplay);
                return TypedResults.Ok(TradeResponse.Of(closed.Trade));
            case CloseTradeOutcome.Unknown:
                return Unknown(id);
            case CloseTradeOutcome.NotYours:
                return new Refusal(notYours, "The target declines a trade, the proposer cancels it.");
            case CloseTradeOutcome.NotPending ended:
                return Ended(ended.Status);
            case CloseTradeOutcome.Invalid invalid:
                return Refusals.Fields(invalid.Errors);
            case CloseTradeOutcome.KeyReused:
                return Refusals.KeyReused();
            default:
                throw new System.Diagnostics.UnreachableException(outcome.GetType().Name);
        }
    }

    // A trade carries a message from one player to another: a key that mints or reports has no business with it.
    private static bool MaySee(Caller caller) => caller.Identity?.Has(Policies.Operate) == true;

    private static Refusal Unknown(Guid id) => new(GridErrors.UnknownTrade, $"There is no trade {id:D} that concerns you.");

    private static Refusal Ended(TradeStatus status) => new(GridErrors.NotPending, $"The trade is {status.ToString().ToLowerInvariant()}; every end is final.");
}
