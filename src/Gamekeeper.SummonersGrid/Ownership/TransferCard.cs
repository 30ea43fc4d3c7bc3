using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>What came of a transfer.</summary>
public abstract record TransferCardOutcome
{
    private TransferCardOutcome() { }

    /// <summary>The card has changed hands.</summary>
    /// <param name="CardId">The card.</param>
    /// <param name="OperationId">The signed operation.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Transferred(Guid CardId, Guid OperationId, bool IsReplay) : TransferCardOutcome;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : TransferCardOutcome;

    /// <summary>There is no such card.</summary>
    public sealed record UnknownCard : TransferCardOutcome;

    /// <summary>There is no such player.</summary>
    public sealed record UnknownPlayer(Guid Player) : TransferCardOutcome;

    /// <summary>The card does not belong to the player it should come from.</summary>
    public sealed record NotOwner : TransferCardOutcome;

    /// <summary>One of the two may neither give nor take.</summary>
    public sealed record PlayerFrozen(Guid Player) : TransferCardOutcome;

    /// <summary>The card's signature is of no known format; it has to be looked into before it can move.</summary>
    public sealed record CardDamaged : TransferCardOutcome;

    /// <summary>An operator keeps the card where it is.</summary>
    public sealed record CardFrozen(Guid Card) : TransferCardOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : TransferCardOutcome;
}

/// <summary>
/// Hands one card from one player to another, as a gift or by the game's own decision. Open trades that name the card end with it.
/// </summary>
public sealed class TransferCard(GameDatabase database, OwnershipLedger ledger, PlayerRepository players)
{
    /// <summary>Safe to repeat under the same key.</summary>
    /// <param name="actor">The owner, or a trusted party.</param>
    /// <param name="cardId">The card.</param>
    /// <param name="from">Who must own it now.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="method">How it moves, 1 to 50 of a-z, 0-9, _ and -; always <c>gift</c> when a player does it.</param>
    /// <param name="key">The caller's name for this request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TransferCardOutcome> RunAsync(
        Actor actor,
        Guid cardId,
        Guid from,
        Guid to,
        string method,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        if (from == to)
            return new TransferCardOutcome.Invalid([new("to", "is the owner; a transfer takes two different players")]);
        if (EventMethod.Problem(method, reserved: EventMethod.NotATransfer) is { } problem)
            return new TransferCardOutcome.Invalid([new("method", problem)]);
        if (!actor.IsTrusted && method != EventMethod.Gift)
            return new TransferCardOutcome.Invalid([new("method", $"is {EventMethod.Gift} when a player hands a card over")]);
        if (!await players.EnsureAsync(to, cancellationToken))
            return new TransferCardOutcome.UnknownPlayer(to);
        await ledger.ReadyAsync(cancellationToken);

        var request = IdempotentRequest.Of(key, "card.transfer", new { cardId, from, to, method });
        return await database.WriteAsync<TransferCardOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var parties = unit.Enqueue(new HoldPlayers([from, to]));
                var cards = unit.Enqueue(new LockCards([cardId]));
                var rivals = unit.Enqueue(new LockProposalsOf([cardId]));
                // Behind the locks, so that operations of one card are numbered in the order in which they happen.
                var moment = unit.Enqueue(new NextMoment());
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(Replay(stored, request, cardId));
                if (Refusal(actor, from, cards.Rows, parties.Rows) is var (refusal, code))
                    return unit.RefuseRecorded<SummonersGridModule, TransferCardOutcome>(
                        refusal,
                        new Activity("card.transfer", cardId.ToString(), code)
                    );
                return await MoveAsync(unit, request, new CardMove(cards.Rows[0], to, method, Data: null), rivals.Rows, moment.Rows[0], ct);
            },
            cancellationToken
        );
    }

    private static (TransferCardOutcome Outcome, string Code)? Refusal(
        Actor actor,
        Guid from,
        IReadOnlyList<LockedCard> cards,
        IReadOnlyList<HeldPlayer> parties
    )
    {
        if (cards.Count == 0)
            return (new TransferCardOutcome.UnknownCard(), RefusalCodes.UnknownCard);
        if (cards[0].OwnerId != from || (!actor.IsTrusted && actor.Key != from))
            return (new TransferCardOutcome.NotOwner(), RefusalCodes.NotOwner);
        foreach (var party in parties)
            if (!party.MayTrade)
                return (new TransferCardOutcome.PlayerFrozen(party.Id), RefusalCodes.PlayerFrozen);
        if (cards[0].IsFrozen)
            return (new TransferCardOutcome.CardFrozen(cards[0].Id), RefusalCodes.CardFrozen);
        return cards[0].Signature is null ? (new TransferCardOutcome.CardDamaged(), RefusalCodes.Damaged) : null;
    }

    private static TransferCardOutcome Replay(StoredOutcome stored, IdempotentRequest request, Guid card)
    {
        if (!stored.Answers(request))
            return new TransferCardOutcome.KeyReused();
        using var outcome = JsonDocument.Parse(stored.Outcome);
        return new TransferCardOutcome.Transferred(card, outcome.RootElement.GetProperty("operation").GetGuid(), IsReplay: true);
    }

    private async Task<TransferCardOutcome> MoveAsync(
        UnitOfWork unit,
        IdempotentRequest request,
        CardMove move,
        IReadOnlyList<Trade> rivals,
        LedgerMoment moment,
        CancellationToken cancellationToken
    )
    {
        var operation = await ledger.MoveAsync(unit, moment, "transfer", [move], cancellationToken);
        unit.Enqueue(
            new StoreOutcome<SummonersGridModule>(unit.Actor.Key, request, JsonSerializer.Serialize(new { operation = operation.Id }))
        );
        var open = rivals.Where(t => t.Status == TradeStatus.Pending).Select(t => t.Id).ToArray();
        if (open.Length > 0)
            unit.Enqueue(new EndTrades(open, "cancelled", "a card of this trade was transferred away"));
        unit.Enqueue(
            new WriteOutbox<SummonersGridModule>(
                [
                    new OutboxEvent("card.transferred", move.Card.Id.ToString(), move.Card.Events + 1, "{}"),
                    .. open.Select(t => new OutboxEvent("trade.cancelled", t.ToString(), moment.Sequence, "{}")),
                ]
            )
        );
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(
                unit.Actor,
                new Activity("card.transfer", move.Card.Id.ToString(), Details: JsonSerializer.Serialize(new { operation = operation.Id }))
            )
        );
        return new TransferCardOutcome.Transferred(move.Card.Id, operation.Id, IsReplay: false);
    }
}
