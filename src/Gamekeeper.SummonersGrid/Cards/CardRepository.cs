using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// Reads owned cards. Each read of PostgreSQL also fetches the catalogue's version in the same round trip, so that templates come from
/// memory and are still never older than the cards: the version is read after them.
/// </summary>
public sealed class CardRepository(GameDatabase database, GameCache cache, CardCatalogue catalogue, CursorKey cursors)
{
    /// <summary>One card with its template, from PostgreSQL; null when there is none.</summary>
    public async Task<OwnedCard?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var found = await database.ReadAsync(
            ReadConsistency.Strong,
            actor: null,
            async (scope, ct) =>
            {
                var card = scope.Enqueue(new FindCard(id));
                return (Version: await scope.FirstAsync(new ReadCatalogueVersion(), ct), Card: card.FirstOrDefault);
            },
            cancellationToken
        );
        return found.Card is { } card ? (await WithTemplatesAsync([card], found.Version, cancellationToken))[0] : null;
    }

    /// <summary>
    /// A player's cards with their templates, newest first; the newest 500 through the cache. A page costs the same at any depth.
    /// </summary>
    public async Task<PageOutcome<OwnedCard>> ByOwnerAsync(Guid owner, PageRequest page, CancellationToken cancellationToken = default)
    {
        var asked = new CursorQuestion("summoners_grid.cards_of_owner", PageOrder.Descending, "created_at", "id").Where("owner", owner);
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<OwnedCard>.Refused(refused.Refusal);
        var after = (start as CursorReading.Valid)?.Values;
        if (cache.IsServing && await FromCacheAsync(owner, after, page.Size, asked, cancellationToken) is { } cached)
            return new PageOutcome<OwnedCard>.Given(cached);
        var read = await database.ReadAsync(
            ReadConsistency.Strong,
            actor: null,
            async (scope, ct) =>
            {
                var cards = after is null
                    ? scope.Enqueue(new NewestCards(owner, page.Size.RowsToRead))
                    : scope.Enqueue(new OlderCards(owner, after[0].Instant, after[1].Guid, page.Size.RowsToRead));
                return (Version: await scope.FirstAsync(new ReadCatalogueVersion(), ct), Cards: cards.Rows);
            },
            cancellationToken
        );
        var cards = Page.From(read.Cards, page.Size, c => Cursor.Write(cursors, asked, c.CreatedAt, c.Id));
        return new PageOutcome<OwnedCard>.Given(
            new Page<OwnedCard>(await WithTemplatesAsync(cards.Items, read.Version, cancellationToken), cards.NextCursor)
        );
    }

    /// <summary>Null when the page lies behind what is kept.</summary>
    private async ValueTask<Page<OwnedCard>?> FromCacheAsync(
        Guid owner,
        IReadOnlyList<CursorValue>? after,
        PageSize size,
        CursorQuestion asked,
        CancellationToken cancellationToken
    )
    {
        var collection = await cache.GetAsync(
            SummonersGridCache.Collection,
            owner,
            database,
            static async (from, owner, ct) => new CardCollection(owner, await from.ListAsync(new NewestCards(owner, CardCollection.Most), ct)),
            cancellationToken
        );
        if (!collection!.TryFind(after, size, out var start, out var count))
            return null;
        // After the cards; and where one of them is newer than the catalogue that is known to everybody, PostgreSQL is asked.
        var cards =
            collection.With(await catalogue.CachedAsync(cancellationToken))
            ?? collection.With(await catalogue.CurrentAsync(cancellationToken))
            ?? throw new System.Diagnostics.UnreachableException("An owned card is of a template that the catalogue does not have.");
        var hasMore = start + count < cards.Length;
        var last = hasMore ? cards[start + count - 1].Card : null;
        return new Page<OwnedCard>(
            start == 0 && !hasMore ? cards : new ArraySegment<OwnedCard>(cards, start, count),
            last is null ? null : Cursor.Write(cursors, asked, last.CreatedAt, last.Id)
        );
    }

    private async Task<IReadOnlyList<OwnedCard>> WithTemplatesAsync(
        IReadOnlyList<Card> cards,
        long version,
        CancellationToken cancellationToken
    )
    {
        var templates = await catalogue.AtLeastAsync(version, cancellationToken);
        var owned = new OwnedCard[cards.Count];
        for (var i = 0; i < owned.Length; i++)
            owned[i] = new OwnedCard(cards[i], templates[cards[i].TemplateId]);
        return owned;
    }
}

/// <summary>One card.</summary>
internal sealed record FindCard(Guid Id) : IQuery<FindCard, Card>
{
    public static string Sql => $"select {CardColumns.All} from summoners_grid.card_instances c where c.id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Card Read(NpgsqlDataReader row) => CardColumns.Read(row);
}

/// <summary>The first page of a collection.</summary>
internal sealed record NewestCards(Guid Owner, int Limit) : IQuery<NewestCards, Card>
{
    public static string Sql =>
        $"""
        select {CardColumns.All}
        from summoners_grid.card_instances c
        where c.owner_id = $1
        -- idx_card_instances_owner_newest
        order by c.created_at desc, c.id desc
        limit $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Owner).Add(Limit);

    public static Card Read(NpgsqlDataReader row) => CardColumns.Read(row);
}

/// <summary>A later page of a collection. Apart from the first, so that each has the one plan it needs.</summary>
internal sealed record OlderCards(Guid Owner, DateTimeOffset AfterCreated, Guid AfterId, int Limit) : IQuery<OlderCards, Card>
{
    public static string Sql =>
        $"""
        select {CardColumns.All}
        from summoners_grid.card_instances c
        where c.owner_id = $1
          and (c.created_at, c.id) < ($2, $3)
        -- idx_card_instances_owner_newest
        order by c.created_at desc, c.id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Owner).Add(AfterCreated).Add(AfterId).Add(Limit);

    public static Card Read(NpgsqlDataReader row) => CardColumns.Read(row);
}
