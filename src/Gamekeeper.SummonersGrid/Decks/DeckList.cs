using Gamekeeper.Caching;
using Gamekeeper.Caching.Values;
using Gamekeeper.SummonersGrid.Caching;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>The first rows of a list of public decks, as one question read them.</summary>
internal sealed record DeckList(IReadOnlyList<Deck> Rows)
{
    /// <summary>The tag of all of them. The trigger of decks removes it when a public deck is withdrawn.</summary>
    public const string Tag = "sg:decks";

    /// <summary>The rows that answer a question, through the cache.</summary>
    public static async Task<IReadOnlyList<Deck>> ReadAsync(
        GameCache cache,
        CacheQuery question,
        Func<CancellationToken, Task<IReadOnlyList<Deck>>> read,
        CancellationToken cancellationToken
    )
    {
        var list = await cache.GetAsync(
            SummonersGridCache.DeckList,
            question,
            read,
            // That there is none is not kept: the first deck is seen at once.
            static async (read, _, ct) => await read(ct) is { Count: > 0 } rows ? new DeckList(rows) : null,
            cancellationToken
        );
        // Arrays can be written to, and everybody reads the cached ones.
        return list is null ? [] : [.. list.Rows.Select(d => d with { MainDeck = [.. d.MainDeck], AdvanceDeck = [.. d.AdvanceDeck] })];
    }
}

internal sealed class DeckListCodec : CacheCodec<DeckList>
{
    // Sixteen bytes of each of the two ids, and what is shorter.
    private const int LeastBytes = 32;

    private readonly DeckCodec _deck = new();

    // Its own layout is one list; that of the decks in it is theirs.
    public override byte Version => _deck.Version;

    public override void Write(CacheWriter writer, DeckList value) => writer.Write(value.Rows, _deck.Write);

    public override DeckList Read(ref CacheReader reader)
    {
        var rows = new Deck[reader.ReadCount(LeastBytes)];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = _deck.Read(ref reader);
        return new DeckList(rows);
    }
}
