using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Paging;
using Gamekeeper.Seeding;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Seeding;

/// <summary>A hand of cards and one deck for each test player, always the same ones.</summary>
public sealed class SeedTestDecks(
    AccountRepository accounts,
    CardCatalogue catalogue,
    MintCards mint,
    DeckRepository decks,
    CreateDeck create,
    TimeProvider clock
) : ISeed
{
    private const string DeckName = "Alpha starter";

    /// <inheritdoc />
    public string Name => "summoners_grid.test-decks";

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var created = 0;
        foreach (var username in SeedTestPlayers.Usernames)
        {
            var player = (await accounts.FindByUsernameAsync(username, cancellationToken))!.Id;
            var actor = Actor.Player(player, clock);
            if (await HasDeckAsync(actor, cancellationToken))
                continue;
            var cards = await CardsAsync(username, player, cancellationToken);
            var outcome = await create.RunAsync(actor, Draft(cards), new IdempotencyKey($"seed:{Guid.CreateVersion7(clock.GetUtcNow())}"), cancellationToken);
            if (outcome is not SaveDeckOutcome.Saved { Deck.IsValid: true })
                throw new GamekeeperException("seeding.failed", $"The deck of {username} was not stored as a valid one: {outcome}.");
            created++;
        }
        return $"{SeedTestPlayers.Usernames.Length} test decks: {created} created";
    }

    // Under a key of its own, so that a seed that was interrupted before the deck mints nothing twice.
    private async Task<List<(Guid Card, CardTemplate Template)>> CardsAsync(
        string username,
        Guid player,
        CancellationToken cancellationToken
    )
    {
        var alpha = (await catalogue.CurrentAsync(cancellationToken))
            .Values.Where(t => t.Id.StartsWith("alpha-", StringComparison.Ordinal))
            .OrderBy(t => t.Id, StringComparer.Ordinal)
            .ToList();
        var templates = new[] { ("summon", 3), ("action", 8), ("building", 3), ("quest", 2), ("counter", 4), ("advance", 4) }
            .SelectMany(part => alpha.Where(t => t.Type == part.Item1).Take(part.Item2))
            .ToList();
        var outcome = await mint.RunAsync(
            Actor.System(clock),
            new MintOrder(player, [.. templates.Select(t => t.Id)], "seed"),
            new IdempotencyKey($"seed:test-decks:{username}"),
            cancellationToken
        );
        return outcome is MintOutcome.Minted minted
            ? [.. minted.CardIds.Zip(templates)]
            : throw new GamekeeperException("seeding.failed", $"The cards of {username} were not minted: {outcome.GetType().Name}.");
    }

    private async Task<bool> HasDeckAsync(Actor actor, CancellationToken cancellationToken) =>
        await decks.ByOwnerAsync(actor, actor.Key, new PageRequest(new PageSize(PageSize.Max)), cancellationToken) is PageOutcome<Deck>.Given given
        && given.Page.Items.Any(d => d.Name == DeckName);

    private static DeckDraft Draft(List<(Guid Card, CardTemplate Template)> cards)
    {
        var summons = cards.Where(c => c.Template.Type == "summon").ToList();
        return new DeckDraft(
            DeckName,
            DeckFormat.ThreeOnThree.Slots.Zip(summons, (slot, summon) => (slot, summon.Card)).ToDictionary(s => s.slot, s => s.Card),
            [.. cards.Where(c => c.Template.Type is not ("summon" or "advance")).Select(c => c.Card)],
            [.. cards.Where(c => c.Template.Type == "advance").Select(c => c.Card)],
            Description: "Three summons and what they need."
        );
    }
}
