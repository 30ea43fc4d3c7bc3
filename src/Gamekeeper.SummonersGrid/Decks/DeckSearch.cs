using System.Text.Json;
using Gamekeeper.Caching;
using Gamekeeper.Integrity;
using Gamekeeper.Paging;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>What came of a search for decks.</summary>
public abstract record DeckSearchOutcome
{
    private DeckSearchOutcome() { }

    /// <summary>Decks that match, last changed first.</summary>
    public sealed record Found(Page<Deck> Page) : DeckSearchOutcome;

    /// <summary>What was asked for cannot be searched for.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : DeckSearchOutcome;

    /// <summary>The cursor does not fit the question.</summary>
    public sealed record Refused(PagingRefusal Refusal) : DeckSearchOutcome;
}

/// <summary>Finds public decks by the summons in them. Private decks are never found, not even by their owner.</summary>
public sealed class DeckSearch(GameDatabase database, GameCache cache, CursorKey cursors)
{
    /// <summary>The longest document to search for, in characters.</summary>
    public const int MaxLength = 1000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>
    /// Public decks whose <see cref="Deck.SummonSlots"/> contain a document, in PostgreSQL's sense of containment:
    /// <c>{"slot1": {"template": "alpha-001"}}</c> finds whoever leads with that summon. Values are compared whole; there are no wildcards. A first
    /// page is cached under the document whatever the order of its members, and at most a minute old; a deck that is withdrawn is gone at once.
    /// </summary>
    /// <param name="summonSlots">A JSON object that names at least one slot and something in it, at most 1000 characters.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<DeckSearchOutcome> ContainingAsync(string summonSlots, PageRequest page, CancellationToken cancellationToken = default)
    {
        if (Problem(summonSlots) is { } problem)
            return new DeckSearchOutcome.Invalid([new("containing", problem)]);
        var asked = new CursorQuestion("summoners_grid.decks_containing", PageOrder.Descending, "updated_at", "id").Where("slots", summonSlots);
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new DeckSearchOutcome.Refused(refused.Refusal);
        var after = (start as CursorReading.Valid)?.Values;
        var search = new SearchDecks(summonSlots, after?[0].Instant, after?[1].Guid, page.Size.RowsToRead);
        var rows = after is not null
            ? await database.ListAsync(search, cancellationToken)
            : await DeckList.ReadAsync(
                cache,
                CacheQuery.Of("containing", ("slots", CanonicalJson.Of(summonSlots)), ("size", page.Size.Value)),
                ct => database.ListAsync(search, ct),
                cancellationToken
            );
        return new DeckSearchOutcome.Found(Page.From(rows, page.Size, d => Cursor.Write(cursors, asked, d.UpdatedAt, d.Id)));
    }

    // What is empty is contained in every deck: that is the list of public decks, which reads no index of summons.
    private static string? Problem(string text)
    {
        const string takes = "takes a JSON object such as {\"slot1\": {\"template\": \"alpha-001\"}}";
        if (text.Length > MaxLength)
            return $"is {text.Length} characters long; it takes at most {MaxLength}";
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && HasText(document.RootElement) ? null : takes;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return takes;
        }
    }

    // Throws InvalidOperationException for half a surrogate pair, which is no text.
    private static bool HasText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return !element.GetString()!.Contains('\0', StringComparison.Ordinal) ? true : throw new InvalidOperationException("NUL");
            case JsonValueKind.Object:
                var members = element.EnumerateObject().ToList();
                if (members.Exists(m => m.Name.Contains('\0', StringComparison.Ordinal)))
                    throw new InvalidOperationException("NUL");
                return members.Count > 0 && members.TrueForAll(m => HasText(m.Value));
            default:
                return false;
        }
    }
}

/// <summary>Through a function, since row security keeps the application's own statement from using idx_decks_summon_slots.</summary>
internal sealed record SearchDecks(string Slots, DateTimeOffset? BeforeUpdated, Guid? BeforeId, int Most) : IQuery<SearchDecks, Deck>
{
    public static string Sql =>
        $"""
        select {Deck.Columns}
        from summoners_grid.search_decks($1, $2, $3, $4) d
        order by d.updated_at desc, d.id desc
        """;

    public void Bind(StatementParameters parameters) => parameters.AddJson(Slots).AddNullable(BeforeUpdated).AddNullable(BeforeId).Add(Most);

    public static Deck Read(NpgsqlDataReader row) => Deck.Read(row);
}
