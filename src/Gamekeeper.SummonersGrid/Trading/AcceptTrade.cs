using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>What came of accepting a trade.</summary>
public abstract record AcceptTradeOutcome
{
    private AcceptTradeOutcome() { }

    /// <summary>The cards have changed hands.</summary>
    /// <param name="Trade">As it stands now.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Accepted(Trade Trade, bool IsReplay) : AcceptTradeOutcome;

    /// <summary>There is no such trade, or it concerns others.</summary>
    public sealed record Unknown : AcceptTradeOutcome;

    /// <summary>Only the target may accept.</summary>
    public sealed record NotTheTarget : AcceptTradeOutcome;

    /// <summary>It has ended.</summary>
    public sealed record NotPending(TradeStatus Status) : AcceptTradeOutcome;

    /// <summary>Its time had run out.</summary>
    public sealed record Expired(DateTimeOffset At) : AcceptTradeOutcome;

    /// <summary>These cards have a new owner since the offer was made.</summary>
    public sealed record CardsMoved(IReadOnlyList<Guid> Cards) : AcceptTradeOutcome;

    /// <summary>One of the two may neither give nor take.</summary>
    public sealed record PlayerFrozen(Guid Player) : AcceptTradeOutcome;

    /// <summary>This card's signature is of no known format; it has to be looked into before it can move.</summary>
    public sealed record CardDamaged(Guid Card) : AcceptTradeOutcome;

    /// <summary>An operator keeps this card where it is.</summary>
    public sealed record CardFrozen(Guid Card) : AcceptTradeOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : AcceptTradeOutcome;
}

/// <summary>
/// Accepts a trade: both sides' cards swap owners at once, rival proposals for any of them end, all in one transaction of two round
/// trips. The first locks (players, cards, proposals, each in id order) and reads the stored outcome behind the locks; the second
/// writes and commits.
/// </summary>
public sealed class AcceptTrade(GameDatabase database, OwnershipLedger ledger)
{
    /// <summary>Safe to repeat under the same key: it has its effect once and gives the same answer.</summary>
    public async Task<AcceptTradeOutcome> RunAsync(
        Actor actor,
        Guid tradeId,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        await ledger.ReadyAsync(cancellationToken);
        var request = IdempotentRequest.Of(key, "trade.accept", tradeId);
        return await database.WriteAsync<AcceptTradeOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var parties = unit.Enqueue(new HoldParties(tradeId));
                var cards = unit.Enqueue(new LockTradeCards(tradeId));
                var trades = unit.Enqueue(new LockTradeAndRivals(tradeId));
                // Behind the locks, so that operations of one card are numbered in the order in which they happen.
                var moment = unit.Enqueue(new NextMoment());
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);

                var trade = trades.Rows.FirstOrDefault(t => t.Id == tradeId);
                if (stored is not null)
                    return unit.Replay(Replay(stored, request, trade));
                var now = moment.Rows[0].Now;
                if (Refusal(actor, trade, cards.Rows, parties.Rows, now) is { } refusal)
                    return unit.RefuseRecorded<SummonersGridModule, AcceptTradeOutcome>(
                        refusal,
                        new Activity("trade.accept", tradeId.ToString(), Code(refusal))
                    );
                return await SwapAsync(unit, request, trade!, trades.Rows, cards.Rows, moment.Rows[0], ct);
            },
            cancellationToken
        );
    }

    private static AcceptTradeOutcome Replay(StoredOutcome stored, IdempotentRequest request, Trade? trade) =>
        stored.Answers(request) && trade is not null
            ? new AcceptTradeOutcome.Accepted(trade, IsReplay: true)
            : new AcceptTradeOutcome.KeyReused();

    private static AcceptTradeOutcome? Refusal(
        Actor actor,
        Trade? trade,
        IReadOnlyList<LockedCard> cards,
        IReadOnlyList<HeldPlayer> parties,
        DateTimeOffset now
    )
    {
        if (trade is null || (!actor.IsTrusted && !trade.Concerns(actor.Key)))
            return new AcceptTradeOutcome.Unknown();
        if (actor.Key != trade.TargetId)
            return new AcceptTradeOutcome.NotTheTarget();
        if (trade.Status != TradeStatus.Pending)
            return new AcceptTradeOutcome.NotPending(trade.Status);
        if (trade.ExpiresAt <= now)
            return new AcceptTradeOutcome.Expired(trade.ExpiresAt);
        foreach (var party in parties)
            if (!party.MayTrade)
                return new AcceptTradeOutcome.PlayerFrozen(party.Id);
        var owners = cards.ToDictionary(c => c.Id, c => c.OwnerId);
        var moved = trade
            .OfferedCards.Where(c => owners.GetValueOrDefault(c) != trade.ProposerId)
            .Concat(trade.RequestedCards.Where(c => owners.GetValueOrDefault(c) != trade.TargetId))
            .ToList();
        if (moved.Count > 0)
            return new AcceptTradeOutcome.CardsMoved(moved);
        foreach (var card in cards)
        {
            if (card.IsFrozen)
                return new AcceptTradeOutcome.CardFrozen(card.Id);
            if (card.Signature is null)
                return new AcceptTradeOutcome.CardDamaged(card.Id);
        }
        return null;
    }

    private static string Code(AcceptTradeOutcome refusal) =>
        refusal switch
        {
            AcceptTradeOutcome.Unknown => RefusalCodes.UnknownTrade,
            AcceptTradeOutcome.NotTheTarget => RefusalCodes.NotTheTarget,
            AcceptTradeOutcome.NotPending => RefusalCodes.NotPending,
            AcceptTradeOutcome.Expired => RefusalCodes.Expired,
            AcceptTradeOutcome.CardsMoved => RefusalCodes.CardsMoved,
            AcceptTradeOutcome.PlayerFrozen => RefusalCodes.PlayerFrozen,
            AcceptTradeOutcome.CardFrozen => RefusalCodes.CardFrozen,
            AcceptTradeOutcome.CardDamaged => RefusalCodes.Damaged,
            _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal of a state."),
        };

    private async Task<AcceptTradeOutcome> SwapAsync(
        UnitOfWork unit,
        IdempotentRequest request,
        Trade trade,
        IReadOnlyList<Trade> locked,
        IReadOnlyList<LockedCard> cards,
        LedgerMoment moment,
        CancellationToken cancellationToken
    )
    {
        unit.Enqueue(
            new StoreOutcome<SummonersGridModule>(unit.Actor.Key, request, JsonSerializer.Serialize(new { trade = trade.Id }))
        );
        var data = JsonSerializer.Serialize(new { trade = trade.Id });
        var moves = cards
            .Select(c => new CardMove(c, c.OwnerId == trade.ProposerId ? trade.TargetId : trade.ProposerId, EventMethod.Trade, data))
            .ToList();
        var operation = await ledger.MoveAsync(unit, moment, "trade", moves, cancellationToken);
        unit.Enqueue(new CompleteTrade(trade.Id, operation.Id, moment.Now));
        var rivals = locked.Where(t => t.Id != trade.Id && t.Status == TradeStatus.Pending).Select(t => t.Id).ToArray();
        if (rivals.Length > 0)
            unit.Enqueue(new EndTrades(rivals, "cancelled", "a card of this trade was traded away"));
        unit.Enqueue(new WriteOutbox<SummonersGridModule>(Events(trade.Id, rivals, moment)));
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(
                unit.Actor,
                new Activity(
                    "trade.accept",
                    trade.Id.ToString(),
                    Details: JsonSerializer.Serialize(new { operation = operation.Id, cards = moves.Count, rivals = rivals.Length })
                )
            )
        );
        return new AcceptTradeOutcome.Accepted(
            trade with
            {
                Status = TradeStatus.Completed,
                CompletedAt = moment.Now,
                OperationId = operation.Id,
            },
            IsReplay: false
        );
    }

    private static List<OutboxEvent> Events(Guid trade, Guid[] rivals, LedgerMoment moment) =>
        [
            new("trade.completed", trade.ToString(), moment.Sequence, "{}"),
            .. rivals.Select(r => new OutboxEvent("trade.cancelled", r.ToString(), moment.Sequence, "{}")),
        ];
}
