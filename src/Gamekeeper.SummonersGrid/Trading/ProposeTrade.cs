using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>What is offered, to whom, for what.</summary>
/// <param name="TargetId">The other player.</param>
/// <param name="OfferedCards">Own cards, at most 100, each once.</param>
/// <param name="RequestedCards">The target's cards, at most 100, each once; empty for a gift.</param>
/// <param name="ExpiresAt">When the offer ends by itself; null: after 24 hours. At most 30 days ahead.</param>
/// <param name="Message">To the target, at most 500 characters; null for none.</param>
public sealed record TradeOffer(
    Guid TargetId,
    IReadOnlyList<Guid> OfferedCards,
    IReadOnlyList<Guid> RequestedCards,
    DateTimeOffset? ExpiresAt = null,
    string? Message = null
);

/// <summary>What came of an offer.</summary>
public abstract record ProposeTradeOutcome
{
    private ProposeTradeOutcome() { }

    /// <summary>The offer stands.</summary>
    /// <param name="Trade">The offer.</param>
    /// <param name="IsReplay">True when an earlier request under the same key made it.</param>
    public sealed record Proposed(Trade Trade, bool IsReplay) : ProposeTradeOutcome;

    /// <summary>The offer itself is wrong; nothing was looked up.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ProposeTradeOutcome;

    /// <summary>There is no such player.</summary>
    public sealed record UnknownPlayer(Guid Player) : ProposeTradeOutcome;

    /// <summary>One of the two may neither give nor take.</summary>
    public sealed record PlayerFrozen(Guid Player) : ProposeTradeOutcome;

    /// <summary>These cards do not belong to the side that would give them, or do not exist.</summary>
    public sealed record NotOwned(IReadOnlyList<Guid> Cards) : ProposeTradeOutcome;

    /// <summary>An operator keeps this card where it is.</summary>
    public sealed record CardFrozen(Guid Card) : ProposeTradeOutcome;

    /// <summary>The player has this many offers open already; one has to end before another begins.</summary>
    public sealed record TooManyOpen(int Limit) : ProposeTradeOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : ProposeTradeOutcome;
}

/// <summary>Offers cards for cards. The cards stay where they are until the offer is accepted.</summary>
public sealed class ProposeTrade(GameDatabase database, PlayerRepository players, TimeProvider clock)
{
    /// <summary>
    /// The most open offers of one player. Accepting an offer ends all others that name one of its cards, so their number is bounded.
    /// </summary>
    public const int MaxOpen = 200;

    private static readonly TimeSpan DefaultLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan MaxLife = TimeSpan.FromDays(30);

    /// <summary>Safe to repeat under the same key.</summary>
    public async Task<ProposeTradeOutcome> RunAsync(
        Actor actor,
        TradeOffer offer,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        var errors = Check(actor, offer);
        if (errors.Count > 0)
            return new ProposeTradeOutcome.Invalid(errors);
        // The target may never have called this game; then the account is looked up and gets its player row first.
        if (!await players.EnsureAsync(offer.TargetId, cancellationToken))
            return new ProposeTradeOutcome.UnknownPlayer(offer.TargetId);

        var request = IdempotentRequest.Of(key, "trade.propose", offer);
        return await database.WriteAsync<ProposeTradeOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                Guid[] cardIds = [.. offer.OfferedCards, .. offer.RequestedCards];
                var parties = unit.Enqueue(new HoldPlayers([actor.Key, offer.TargetId]));
                var cards = unit.Enqueue(new HoldCards(cardIds));
                var moment = unit.Enqueue(new Moment());
                var open = unit.Enqueue(new CountOpenOffers(actor.Key, MaxOpen + 1));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(await ReplayAsync(unit, stored, request, ct));
                if (Refusal(actor, offer, parties.Rows, cards.Rows, moment.Rows[0], open.Rows[0]) is { } refusal)
                    return unit.RefuseRecorded<SummonersGridModule, ProposeTradeOutcome>(
                        refusal,
                        new Activity("trade.propose", offer.TargetId.ToString(), Code(refusal))
                    );
                return Write(unit, request, offer, moment.Rows[0]);
            },
            cancellationToken
        );
    }

    private static List<FieldError> Check(Actor actor, TradeOffer offer)
    {
        var errors = new List<FieldError>();
        void Refuse(string field, string problem) => errors.Add(new FieldError(field, problem));

        if (offer.TargetId == actor.Key)
            Refuse("targetId", "is yourself; a trade takes two different players");
        if (offer.OfferedCards.Count + offer.RequestedCards.Count == 0)
            Refuse("offeredCards", "is empty and so is requestedCards; a trade moves at least 1 card");
        foreach (var (field, side) in new[] { ("offeredCards", offer.OfferedCards), ("requestedCards", offer.RequestedCards) })
            if (side.Count > Trade.MaxCards)
                Refuse(field, $"names {side.Count} cards; it takes at most {Trade.MaxCards}");
        var all = offer.OfferedCards.Concat(offer.RequestedCards).ToList();
        if (all.Distinct().Count() != all.Count)
            Refuse("offeredCards", "names a card twice, here or in requestedCards; each card is named once");
        if (offer.Message?.EnumerateRunes().Count() > Trade.MaxMessageLength)
            Refuse("message", $"is longer than {Trade.MaxMessageLength} characters");
        return errors;
    }

    private static ProposeTradeOutcome? Refusal(
        Actor actor,
        TradeOffer offer,
        IReadOnlyList<HeldPlayer> parties,
        IReadOnlyList<LockedCard> cards,
        DateTimeOffset now,
        long open
    )
    {
        foreach (var player in new[] { actor.Key, offer.TargetId })
            if (!parties.Any(p => p.Id == player))
                return new ProposeTradeOutcome.UnknownPlayer(player);
        foreach (var party in parties)
            if (!party.MayTrade)
                return new ProposeTradeOutcome.PlayerFrozen(party.Id);
        // Decided by the database's clock, which is also the one that will end it, and only for a request that was not answered before.
        if (offer.ExpiresAt is { } end && (end <= now || end > now + MaxLife))
            return new ProposeTradeOutcome.Invalid(
                [new("expiresAt", $"is {end:O}; it takes an instant in the future, at most {MaxLife.TotalDays:0} days ahead")]
            );
        var owners = cards.ToDictionary(c => c.Id, c => c.OwnerId);
        var foreign = offer
            .OfferedCards.Where(c => owners.GetValueOrDefault(c) != actor.Key)
            .Concat(offer.RequestedCards.Where(c => owners.GetValueOrDefault(c) != offer.TargetId))
            .ToList();
        if (foreign.Count > 0)
            return new ProposeTradeOutcome.NotOwned(foreign);
        foreach (var card in cards)
            if (card.IsFrozen)
                return new ProposeTradeOutcome.CardFrozen(card.Id);
        return open >= MaxOpen ? new ProposeTradeOutcome.TooManyOpen(MaxOpen) : null;
    }

    private static string Code(ProposeTradeOutcome refusal) =>
        refusal switch
        {
            ProposeTradeOutcome.UnknownPlayer => RefusalCodes.UnknownPlayer,
            ProposeTradeOutcome.PlayerFrozen => RefusalCodes.PlayerFrozen,
            ProposeTradeOutcome.Invalid => RefusalCodes.InvalidExpiry,
            ProposeTradeOutcome.NotOwned => RefusalCodes.NotOwned,
            ProposeTradeOutcome.CardFrozen => RefusalCodes.CardFrozen,
            ProposeTradeOutcome.TooManyOpen => RefusalCodes.TooManyOpen,
            _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal of a state."),
        };

    private ProposeTradeOutcome.Proposed Write(UnitOfWork unit, IdempotentRequest request, TradeOffer offer, DateTimeOffset now)
    {
        var trade = new Trade
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            ProposerId = unit.Actor.Key,
            TargetId = offer.TargetId,
            OfferedCards = offer.OfferedCards,
            RequestedCards = offer.RequestedCards,
            Status = TradeStatus.Pending,
            Message = offer.Message,
            ExpiresAt = offer.ExpiresAt ?? now + DefaultLife,
            CreatedAt = now,
        };
        unit.Enqueue(
            new StoreOutcome<SummonersGridModule>(unit.Actor.Key, request, JsonSerializer.Serialize(new { trade = trade.Id }))
        );
        unit.Enqueue(new InsertTrade(trade));
        unit.Enqueue(
            new WriteOutbox<SummonersGridModule>([new OutboxEvent("trade.proposed", trade.Id.ToString(), 0, "{}")])
        );
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(unit.Actor, new Activity("trade.propose", trade.Id.ToString()))
        );
        return new ProposeTradeOutcome.Proposed(trade, IsReplay: false);
    }

    private static async Task<ProposeTradeOutcome> ReplayAsync(
        UnitOfWork unit,
        StoredOutcome stored,
        IdempotentRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!stored.Answers(request))
            return new ProposeTradeOutcome.KeyReused();
        using var outcome = JsonDocument.Parse(stored.Outcome);
        var trade = await unit.FirstAsync(new FindTrade(outcome.RootElement.GetProperty("trade").GetGuid()), cancellationToken);
        return new ProposeTradeOutcome.Proposed(trade!, IsReplay: true);
    }
}
