namespace Gamekeeper.SummonersGrid.Ownership.Lineage;

/// <summary>How far a card lies from the bad event, and for what it was taken.</summary>
internal readonly record struct LineagePlace(int Depth, Guid? BoughtWith);

/// <summary>Places the cards of a walk: fewest exchanges first, in the order in which things happened.</summary>
internal static class LineagePlaces
{
    public static IReadOnlyDictionary<Guid, LineagePlace> Of(IReadOnlyList<LineageEvent> events, IReadOnlySet<Guid> bad)
    {
        var places = new Dictionary<Guid, LineagePlace>();
        foreach (var operation in events.GroupBy(e => e.Sequence).OrderBy(g => g.Key))
        {
            // What was bought is decided by what was tainted before; a card does not buy another within its own arrival.
            var bought = operation.Where(e => e.IsTrade && !e.IsVoid).Select(e => (Card: e.CardId, Place: Bought(e, operation, places))).ToList();
            foreach (var e in operation.Where(e => bad.Contains(e.Id)))
                places[e.CardId] = new LineagePlace(0, null);
            foreach (var (card, place) in bought)
                if (place is { } found && (!places.TryGetValue(card, out var known) || found.Depth < known.Depth))
                    places[card] = found;
        }
        return places;
    }

    private static LineagePlace? Bought(LineageEvent taken, IEnumerable<LineageEvent> operation, Dictionary<Guid, LineagePlace> places)
    {
        LineagePlace? nearest = null;
        foreach (var given in operation.Where(g => g.From == taken.To && !g.IsVoid))
            if (places.TryGetValue(given.CardId, out var place) && (nearest is null || place.Depth + 1 < nearest.Value.Depth))
                nearest = new LineagePlace(place.Depth + 1, given.CardId);
        return nearest;
    }
}
