using System.Text.Json;
using Gamekeeper.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>What came of saving a deck.</summary>
public abstract record SaveDeckOutcome
{
    private SaveDeckOutcome() { }

    /// <summary>It is stored.</summary>
    public sealed record Saved(Deck Deck) : SaveDeckOutcome;

    /// <summary>The deck itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SaveDeckOutcome;

    /// <summary>There is no such deck, or it is another player's.</summary>
    public sealed record Unknown : SaveDeckOutcome;
}

/// <summary>
/// A player's decks. Row security decides what the actor may see and change: the own ones, and public ones of others for reading.
/// </summary>
public sealed class DeckRepository(GameDatabase database, TimeProvider clock)
{
    /// <summary>One deck, if the actor may see it; null otherwise.</summary>
    public Task<Deck?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        InContextAsync(
            actor,
            (context, ct) => context.Decks.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, ct),
            cancellationToken
        );

    /// <summary>The actor's decks, last changed first; at most 200.</summary>
    public Task<List<Deck>> OwnAsync(Actor actor, CancellationToken cancellationToken = default) =>
        InContextAsync(
            actor,
            (context, ct) =>
                context
                    .Decks.AsNoTracking()
                    .Where(d => d.OwnerId == actor.Key)
                    .OrderByDescending(d => d.UpdatedAt)
                    .ThenByDescending(d => d.Id)
                    .Take(200)
                    .ToListAsync(ct),
            cancellationToken
        );

    /// <summary>Stores a new deck of the actor's. Not safe to repeat: twice makes two decks.</summary>
    public async Task<SaveDeckOutcome> CreateAsync(Actor actor, Deck deck, CancellationToken cancellationToken = default)
    {
        if (Check(deck) is { Count: > 0 } errors)
            return new SaveDeckOutcome.Invalid(errors);
        deck.Id = Guid.CreateVersion7(clock.GetUtcNow());
        deck.OwnerId = actor.Key;
        return await InContextAsync<SaveDeckOutcome>(
            actor,
            async (context, ct) =>
            {
                context.Decks.Add(deck);
                await context.SaveChangesAsync(ct);
                return new SaveDeckOutcome.Saved(deck);
            },
            cancellationToken
        );
    }

    /// <summary>Changes a deck of the actor's. Safe to repeat when <paramref name="change"/> is.</summary>
    public Task<SaveDeckOutcome> UpdateAsync(Actor actor, Guid id, Action<Deck> change, CancellationToken cancellationToken = default) =>
        InContextAsync<SaveDeckOutcome>(
            actor,
            async (context, ct) =>
            {
                if (await context.Decks.FirstOrDefaultAsync(d => d.Id == id && d.OwnerId == actor.Key, ct) is not { } deck)
                    return new SaveDeckOutcome.Unknown();
                change(deck);
                if (Check(deck) is { Count: > 0 } errors)
                    return new SaveDeckOutcome.Invalid(errors);
                await context.SaveChangesAsync(ct);
                return new SaveDeckOutcome.Saved(deck);
            },
            cancellationToken
        );

    /// <summary>Removes a deck of the actor's; false when there was none. Safe to repeat.</summary>
    public Task<bool> DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        InContextAsync(
            actor,
            async (context, ct) => await context.Decks.Where(d => d.Id == id && d.OwnerId == actor.Key).ExecuteDeleteAsync(ct) > 0,
            cancellationToken
        );

    private Task<T> InContextAsync<T>(
        Actor actor,
        Func<SummonersGridContext, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                await using var context = await unit.ContextAsync<SummonersGridContext>(o => new SummonersGridContext(o), ct);
                return await work(context, ct);
            },
            cancellationToken
        );

    private static List<FieldError> Check(Deck deck)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(deck.Name) || deck.Name.EnumerateRunes().Count() > 100)
            errors.Add(new("name", "takes 1 to 100 characters"));
        if (deck.Description?.EnumerateRunes().Count() > 2000)
            errors.Add(new("description", "is longer than 2000 characters"));
        if (string.IsNullOrWhiteSpace(deck.Format) || deck.Format.Length > 50)
            errors.Add(new("format", "takes 1 to 50 characters"));
        foreach (var (field, cards) in new[] { ("mainDeck", deck.MainDeck), ("advanceDeck", deck.AdvanceDeck) })
            if (cards.Length > Deck.MaxCards)
                errors.Add(new(field, $"names {cards.Length} cards; it takes at most {Deck.MaxCards}"));
        if (!IsObject(deck.SummonSlots))
            errors.Add(new("summonSlots", "takes a JSON object"));
        return errors;
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
