namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>
/// The model: owners of all cards through all states. State n is the one after the first n effects. Whatever was decided under locks between
/// two instants was decided in one state of the window that those instants leave open: effects are numbered while they hold theirs. Who
/// only looks holds none, and may be ahead of one card's effect and behind that of another; a look is placed among the effects of its card.
/// </summary>
internal sealed class Timeline
{
    private readonly Dictionary<Guid, List<(int State, Guid Owner)>> _cards = [];
    private readonly (long DoneBy, int AtLeast)[] _ends;
    private readonly (long Began, int AtMost)[] _begins;

    /// <param name="effects">In the order in which the product says they happened.</param>
    public Timeline(IReadOnlyList<Effect> effects)
    {
        Effects = effects;
        foreach (var (index, effect) in effects.Index())
            foreach (var move in effect.Moves)
                StatesOf(move.Card).Add((index + 1, move.To));

        // Sorted by time, with the strictest bound so far, so that a window is found by two searches.
        _ends = [.. effects.Index().Select(e => (e.Item.DoneBy, e.Index + 1)).OrderBy(e => e.DoneBy)];
        for (var i = 1; i < _ends.Length; i++)
            _ends[i].AtLeast = Math.Max(_ends[i].AtLeast, _ends[i - 1].AtLeast);
        _begins = [.. effects.Index().Select(e => (e.Item.Began, e.Index)).OrderBy(e => e.Began)];
        for (var i = _begins.Length - 2; i >= 0; i--)
            _begins[i].AtMost = Math.Min(_begins[i].AtMost, _begins[i + 1].AtMost);
    }

    public IReadOnlyList<Effect> Effects { get; }

    /// <summary>Cards that there are in the end.</summary>
    public IEnumerable<Guid> Cards => _cards.Keys;

    /// <summary>The first and the last state that something between two instants may have met.</summary>
    public (int First, int Last) Window(long began, long ended)
    {
        // All that was acknowledged before it began has happened; nothing has that began after it had ended.
        var first = Before(_ends.Length, i => _ends[i].DoneBy < began);
        var last = Before(_begins.Length, i => _begins[i].Began <= ended);
        return (first == 0 ? 0 : _ends[first - 1].AtLeast, last == _begins.Length ? Effects.Count : _begins[last].AtMost);
    }

    /// <summary>The least and the most effects of a card that somebody may have seen who looked between two instants.</summary>
    public (int Least, int Most) Seen(Guid card, long began, long ended)
    {
        if (!_cards.TryGetValue(card, out var states))
            return (0, 0);
        var effects = states.Select(s => Effects[s.State - 1]).Index().ToList();
        return (
            effects.Where(e => e.Item.DoneBy < began).Select(e => e.Index + 1).DefaultIfEmpty(0).Max(),
            effects.Where(e => e.Item.Began > ended).Select(e => e.Index).DefaultIfEmpty(effects.Count).Min());
    }

    /// <summary>Who owned a card after so many of its effects; null for none, or when it never had so many.</summary>
    public Guid? OwnerAfter(Guid card, int effects) =>
        effects > 0 && _cards.TryGetValue(card, out var states) && effects <= states.Count ? states[effects - 1].Owner : null;

    /// <summary>Null before the card's mint, and for a card that there never was.</summary>
    public Guid? OwnerAt(Guid card, int state) => OwnerAfter(card, PositionAt(card, state));

    private int PositionAt(Guid card, int state) =>
        _cards.TryGetValue(card, out var states) ? Before(states.Count, i => states[i].State <= state) : 0;

    /// <summary>The first effect at or behind a state that moved one of these cards; null when none did.</summary>
    public int? FirstMove(IEnumerable<Guid> cards, int fromState) =>
        cards.Where(_cards.ContainsKey).SelectMany(c => _cards[c]).Where(s => s.State > fromState).Select(s => (int?)(s.State - 1)).Min();

    /// <summary>In one of these states it was so. Only states in which one of the cards has just moved need be asked.</summary>
    public bool Sometime((int First, int Last) window, IReadOnlyCollection<Guid> cards, Func<int, bool> isSo) =>
        window.First <= window.Last
        && cards.Where(_cards.ContainsKey).SelectMany(c => _cards[c]).Select(s => s.State)
            .Where(s => s > window.First && s <= window.Last).Prepend(window.First).Any(isSo);

    // How many of the first ones satisfy what all later ones do not.
    private static int Before(int count, Func<int, bool> isBefore)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isBefore(middle))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private List<(int State, Guid Owner)> StatesOf(Guid card) => _cards.TryGetValue(card, out var states) ? states : _cards[card] = [];
}
