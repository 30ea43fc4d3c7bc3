using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>Parts of a deck to change; what is null stays as it is.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Description">At most 2000 characters; empty takes it away.</param>
/// <param name="Format">A registered format.</param>
/// <param name="SummonSlots">Merged slot by slot: a card takes the slot, null empties it, a slot that is not named stays.</param>
/// <param name="MainDeck">The whole main deck.</param>
/// <param name="AdvanceDeck">The whole advance deck.</param>
/// <param name="IsPublic">Whether everyone sees it.</param>
public sealed record DeckChange(
    string? Name = null,
    string? Description = null,
    string? Format = null,
    IReadOnlyDictionary<string, Guid?>? SummonSlots = null,
    IReadOnlyList<Guid>? MainDeck = null,
    IReadOnlyList<Guid>? AdvanceDeck = null,
    bool? IsPublic = null
)
{
    internal DeckDraft On(Deck deck)
    {
        var slots = deck.Summons().ToDictionary(StringComparer.Ordinal);
        foreach (var (slot, card) in SummonSlots ?? new Dictionary<string, Guid?>())
        {
            if (card is { } given)
                slots[slot] = given;
            else
                slots.Remove(slot);
        }
        return new DeckDraft(
            Name ?? deck.Name,
            slots,
            MainDeck ?? deck.MainDeck,
            AdvanceDeck ?? deck.AdvanceDeck,
            Format ?? deck.Format,
            Description ?? deck.Description,
            IsPublic ?? deck.IsPublic
        );
    }
}

/// <summary>Changes and removes decks of the actor's. Each saving judges the deck anew.</summary>
public sealed class ChangeDeck(GameDatabase database, DeckFormats formats)
{
    // Each attempt that fails was overtaken by somebody who succeeded.
    private const int MaxAttempts = 50;

    /// <summary>
    /// Puts a whole deck in the place of the one that was read. Safe to repeat: the second one finds another version and changes nothing.
    /// </summary>
    /// <param name="actor">The owner.</param>
    /// <param name="id">The deck.</param>
    /// <param name="draft">All of it.</param>
    /// <param name="version">The version that was read; any other is refused, and so nobody's change is lost.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SaveDeckOutcome> ReplaceAsync(
        Actor actor,
        Guid id,
        DeckDraft draft,
        long version,
        CancellationToken cancellationToken = default
    )
    {
        if (draft.Problems(formats) is { Count: > 0 } errors)
            return new SaveDeckOutcome.Invalid(errors);
        draft = draft.Normal();
        return await database.WriteAsync<SaveDeckOutcome>(
            actor,
            async (unit, ct) =>
            {
                var cards = unit.Enqueue(new HoldDeckCards(draft.Cards()));
                var moment = unit.Enqueue(new Moment());
                if (await unit.FirstAsync(new LockDeck(id, actor.Key), ct) is not { } current)
                    return unit.RefuseRecorded<SummonersGridModule, SaveDeckOutcome>(
                        new SaveDeckOutcome.Unknown(),
                        new Activity("deck.change", id.ToString(), RefusalCodes.UnknownDeck)
                    );
                if (current.Version != version)
                    return unit.Refuse(new SaveDeckOutcome.VersionConflict(current.Version));
                var deck = JudgedDeck.Of(draft, formats, actor.Key, cards.Rows) with
                {
                    Id = id,
                    CreatedAt = current.CreatedAt,
                    UpdatedAt = moment.Rows[0],
                    Version = current.Version + 1,
                };
                unit.Enqueue(new UpdateDeck(deck));
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("deck.changed", id.ToString(), deck.Version, "{}")]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity("deck.change", id.ToString())));
                return new SaveDeckOutcome.Saved(deck);
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Changes parts of a deck and leaves the others to whoever changes them at the same moment: two who set different parts, or
    /// different slots, both get what they wanted. Safe to repeat.
    /// </summary>
    /// <param name="actor">The owner.</param>
    /// <param name="id">The deck.</param>
    /// <param name="change">The parts.</param>
    /// <param name="version">Null, or the only version to be changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SaveDeckOutcome> MergeAsync(
        Actor actor,
        Guid id,
        DeckChange change,
        long? version = null,
        CancellationToken cancellationToken = default
    )
    {
        // Which cards are to be held is known only once the deck was read, and cards are locked before decks: so it is read without a
        // lock, and saved only as long as it is still that deck.
        for (var attempt = 1; ; attempt++)
        {
            var current = await database.FirstAsync(new FindDeck(id), ReadConsistency.Strong, actor, cancellationToken);
            if (current is null || current.OwnerId != actor.Key)
                return new SaveDeckOutcome.Unknown();
            if (version is { } only && only != current.Version)
                return new SaveDeckOutcome.VersionConflict(current.Version);
            var outcome = await ReplaceAsync(actor, id, change.On(current), current.Version, cancellationToken);
            if (outcome is not SaveDeckOutcome.VersionConflict || version is not null || attempt == MaxAttempts)
                return outcome;
        }
    }

    /// <summary>Removes a deck. Safe to repeat: then there is none.</summary>
    /// <param name="actor">The owner.</param>
    /// <param name="id">The deck.</param>
    /// <param name="version">Null, or the only version to be removed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DeleteDeckOutcome> DeleteAsync(Actor actor, Guid id, long? version = null, CancellationToken cancellationToken = default) =>
        database.WriteAsync<DeleteDeckOutcome>(
            actor,
            async (unit, ct) =>
            {
                if (await unit.FirstAsync(new LockDeck(id, actor.Key), ct) is not { } current)
                    return unit.Refuse(new DeleteDeckOutcome.Unknown());
                if (version is { } only && only != current.Version)
                    return unit.Refuse(new DeleteDeckOutcome.VersionConflict(current.Version));
                unit.Enqueue(new RemoveDeck(id, actor.Key));
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("deck.deleted", id.ToString(), current.Version + 1, "{}")]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity("deck.delete", id.ToString())));
                return new DeleteDeckOutcome.Deleted();
            },
            cancellationToken
        );
}

/// <summary>What came of removing a deck.</summary>
public abstract record DeleteDeckOutcome
{
    private DeleteDeckOutcome() { }

    /// <summary>It is gone.</summary>
    public sealed record Deleted : DeleteDeckOutcome;

    /// <summary>There is no such deck, or it is another player's.</summary>
    public sealed record Unknown : DeleteDeckOutcome;

    /// <summary>It has changed since the version that was named.</summary>
    public sealed record VersionConflict(long CurrentVersion) : DeleteDeckOutcome;
}
