using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>
/// Reads decks. An actor sees own ones, public ones of others, and every one if trusted: row security says so of lists, and the repository of
/// single decks, which are cached for everyone. Each verb that changes one stands in its own file.
/// </summary>
public sealed class DeckRepository(GameDatabase database, GameCache cache, CursorKey cursors, TimeProvider clock)
{
    /// <summary>One deck, through the cache, if the actor may see it; null otherwise.</summary>
    public async Task<Deck?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken = default)
    {
        var deck = await cache.GetAsync(
            SummonersGridCache.Deck,
            id,
            (database, clock),
            static (from, id, ct) => from.database.FirstAsync(new FindDeck(id), ReadConsistency.Strong, Actor.System(from.clock), ct),
            cancellationToken
        );
        // As the policy decks_seen_by_owner_or_public has it.
        if (deck is null || !(deck.IsPublic || actor.IsTrusted || deck.OwnerId == actor.Id))
            return null;
        // Arrays can be written to, and everybody reads the cached ones.
        return deck with { MainDeck = [.. deck.MainDeck], AdvanceDeck = [.. deck.AdvanceDeck] };
    }

    /// <summary>The decks of a player that the actor may see, last changed first: all of one's own, of others the public ones.</summary>
    public Task<PageOutcome<Deck>> ByOwnerAsync(Actor actor, Guid owner, PageRequest page, CancellationToken cancellationToken = default) =>
        PageAsync(
            actor,
            new CursorQuestion("summoners_grid.decks_of_owner", PageOrder.Descending, "updated_at", "id").Where("owner", owner),
            page,
            (updated, id) => new DecksOfOwner(owner, updated, id, page.Size.RowsToRead),
            cancellationToken
        );

    /// <summary>
    /// Everyone's public decks, last changed first. The first page is cached and at most a minute old; a deck that is withdrawn is gone from it
    /// at once.
    /// </summary>
    public async Task<PageOutcome<Deck>> PublicAsync(Actor actor, PageRequest page, CancellationToken cancellationToken = default)
    {
        var asked = new CursorQuestion("summoners_grid.public_decks", PageOrder.Descending, "updated_at", "id");
        if (page.Cursor is not null)
            return await PageAsync(actor, asked, page, (updated, id) => new PublicDecks(updated, id, page.Size.RowsToRead), cancellationToken);
        var rows = await DeckList.ReadAsync(
            cache,
            CacheQuery.Of("public", ("size", page.Size.Value)),
            ct => database.ListAsync(new PublicDecks(BeforeUpdated: null, BeforeId: null, page.Size.RowsToRead), ct),
            cancellationToken
        );
        return new PageOutcome<Deck>.Given(Page.From(rows, page.Size, d => Cursor.Write(cursors, asked, d.UpdatedAt, d.Id)));
    }

    private async Task<PageOutcome<Deck>> PageAsync<TQuery>(
        Actor actor,
        CursorQuestion asked,
        PageRequest page,
        Func<DateTimeOffset?, Guid?, TQuery> query,
        CancellationToken cancellationToken
    )
        where TQuery : IQuery<TQuery, Deck>
    {
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<Deck>.Refused(refused.Refusal);
        var after = (start as CursorReading.Valid)?.Values;
        var rows = await database.ListAsync(query(after?[0].Instant, after?[1].Guid), ReadConsistency.Strong, actor, cancellationToken);
        return new PageOutcome<Deck>.Given(Page.From(rows, page.Size, d => Cursor.Write(cursors, asked, d.UpdatedAt, d.Id)));
    }
}
