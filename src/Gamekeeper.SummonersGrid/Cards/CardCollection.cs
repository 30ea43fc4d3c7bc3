using System.Collections.Frozen;
using Gamekeeper.Paging;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// A player's newest cards, newest first, as they are cached: without their templates, which every node has in memory. Immutable but for
/// what it remembers of its last answer.
/// </summary>
internal sealed class CardCollection(Guid owner, IReadOnlyList<Card> newest)
{
    /// <summary>As many as are kept; what lies behind them is read from PostgreSQL.</summary>
    public const int Most = 500;

    private volatile Joined? _joined;

    public Guid Owner => owner;

    public IReadOnlyList<Card> Newest => newest;

    /// <summary>Whether the page lies within what is kept; and so whether another one follows is known, too.</summary>
    /// <param name="after">Sort values of the last card of the page before; null for the first page.</param>
    /// <param name="size">Of the page.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="count">How many cards it has.</param>
    public bool TryFind(IReadOnlyList<CursorValue>? after, PageSize size, out int start, out int count)
    {
        start = after is null ? 0 : FirstBehind(after[0].Instant, after[1].Guid);
        count = Math.Min(size.Value, newest.Count - start);
        return newest.Count < Most || start + size.Value < newest.Count;
    }

    /// <summary>All of them with their templates; null when a card is of a template that is not among these.</summary>
    public OwnedCard[]? With(FrozenDictionary<string, CardTemplate> templates)
    {
        // Templates hardly change, so the next reader wants the very same answer.
        if (_joined is { } joined && ReferenceEquals(joined.Templates, templates))
            return joined.Cards;
        var cards = new OwnedCard[newest.Count];
        for (var i = 0; i < cards.Length; i++)
        {
            if (!templates.TryGetValue(newest[i].TemplateId, out var template))
                return null;
            cards[i] = new OwnedCard(newest[i], template);
        }
        _joined = new Joined(templates, cards);
        return cards;
    }

    // Ids compare as PostgreSQL compares them: byte by byte, the first one first.
    private int FirstBehind(DateTimeOffset created, Guid id)
    {
        var (low, high) = (0, newest.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = newest[middle].CreatedAt.CompareTo(created);
            if (order < 0 || (order == 0 && newest[middle].Id.CompareTo(id) < 0))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private sealed record Joined(FrozenDictionary<string, CardTemplate> Templates, OwnedCard[] Cards);
}
