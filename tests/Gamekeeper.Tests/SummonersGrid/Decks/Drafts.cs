using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Decks;

/// <summary>Decks as players want them, with cards minted for them.</summary>
internal static class Drafts
{
    /// <summary>A deck that keeps to 3v3: three summons, 15 cards in the main deck, one in the advance deck, each of a template of its own.</summary>
    public static async Task<DeckDraft> ValidAsync(GridWorld world, Actor player, string name = "Valid")
    {
        var summons = await MintAsync(world, player, "summon", 3);
        var main = await MintAsync(world, player, "action", 15);
        var advance = await MintAsync(world, player, "advance", 1);
        return new DeckDraft(
            name,
            new Dictionary<string, Guid> { ["slot1"] = summons[0], ["slot2"] = summons[1], ["slot3"] = summons[2] },
            main,
            advance
        );
    }

    /// <summary>Stores such a deck.</summary>
    public static async Task<Deck> SavedAsync(GridWorld world, Actor player, bool isPublic = false)
    {
        var draft = await ValidAsync(world, player) with { IsPublic = isPublic };
        var deck = await CreateAsync(world, player, draft);
        deck.IsValid.ShouldBeTrue(deck.ValidationErrors);
        return deck;
    }

    public static async Task<Deck> CreateAsync(GridWorld world, Actor player, DeckDraft draft) =>
        (await world.Get<CreateDeck>().RunAsync(player, draft, world.NewKey())).ShouldBeOfType<SaveDeckOutcome.Saved>().Deck;

    /// <summary>Cards of a type, each of another template of the Alpha set; more than there are begin again.</summary>
    public static async Task<IReadOnlyList<Guid>> MintAsync(GridWorld world, Actor player, string type, int count)
    {
        var templates = (await world.Get<CardCatalogue>().CurrentAsync())
            .Values.Where(t => t.Type == type)
            .Select(t => t.Id)
            .Order(StringComparer.Ordinal)
            .ToList();
        return await MintAsync(world, player, [.. Enumerable.Range(0, count).Select(i => templates[i % templates.Count])]);
    }

    public static async Task<IReadOnlyList<Guid>> MintAsync(GridWorld world, Actor player, IReadOnlyList<string> templates) =>
        (await world.Get<MintCards>().RunAsync(world.Service, new MintOrder(player.Key, templates), world.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>()
            .CardIds;

    /// <summary>A deck without a card: stored, never valid.</summary>
    public static DeckDraft Empty(string name = "Empty") => new(name, new Dictionary<string, Guid>(), [], []);
}
