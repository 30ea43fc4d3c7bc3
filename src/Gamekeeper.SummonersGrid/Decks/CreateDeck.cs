using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>Makes a deck. Its cards are held while it is judged and stored, so that no trade comes in between.</summary>
public sealed class CreateDeck(GameDatabase database, DeckFormats formats, PlayerRepository players, TimeProvider clock)
{
    /// <summary>The most decks of one player.</summary>
    public const int MaxDecks = 200;

    /// <summary>A new deck of the actor's. Safe to repeat under the same key.</summary>
    public async Task<SaveDeckOutcome> RunAsync(
        Actor actor,
        DeckDraft draft,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        if (draft.Problems(formats) is { Count: > 0 } errors)
            return new SaveDeckOutcome.Invalid(errors);
        if (!await players.EnsureAsync(actor.Key, cancellationToken))
            return new SaveDeckOutcome.UnknownPlayer(actor.Key);
        draft = draft.Normal();
        var request = IdempotentRequest.Of(key, "deck.create", draft);
        return await database.WriteAsync<SaveDeckOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new LockDecksOf(actor.Key));
                var cards = unit.Enqueue(new HoldDeckCards(draft.Cards()));
                var moment = unit.Enqueue(new Moment());
                var count = unit.Enqueue(new CountDecks(actor.Key, MaxDecks));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(await ReplayAsync(unit, stored, request, ct));
                if (count.Rows[0] >= MaxDecks)
                    return unit.RefuseRecorded<SummonersGridModule, SaveDeckOutcome>(
                        new SaveDeckOutcome.TooMany(MaxDecks),
                        new Activity("deck.create", null, RefusalCodes.TooManyDecks)
                    );
                var deck = JudgedDeck.Of(draft, formats, actor.Key, cards.Rows) with
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    CreatedAt = moment.Rows[0],
                    UpdatedAt = moment.Rows[0],
                };
                unit.Enqueue(new StoreOutcome<SummonersGridModule>(actor.Key, request, JsonSerializer.Serialize(new { deck = deck.Id })));
                unit.Enqueue(new InsertDeck(deck));
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("deck.changed", deck.Id.ToString(), deck.Version, "{}")]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity("deck.create", deck.Id.ToString())));
                return new SaveDeckOutcome.Saved(deck);
            },
            cancellationToken
        );
    }

    private static async Task<SaveDeckOutcome> ReplayAsync(
        UnitOfWork unit,
        StoredOutcome stored,
        IdempotentRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!stored.Answers(request))
            return new SaveDeckOutcome.KeyReused();
        using var outcome = JsonDocument.Parse(stored.Outcome);
        return await unit.FirstAsync(new FindDeck(outcome.RootElement.GetProperty("deck").GetGuid()), cancellationToken) is { } deck
            ? new SaveDeckOutcome.Saved(deck, IsReplay: true)
            : new SaveDeckOutcome.Unknown();
    }
}
