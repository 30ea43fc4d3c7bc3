namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>
/// Holds a deck against its format and its owner's cards. What the format says is judged for every card that exists, whoever holds it, so
/// that a card which comes or goes changes nothing but the entries about who holds it.
/// </summary>
internal static class DeckValidation
{
    public static IReadOnlyList<DeckFault> Judge(DeckDraft draft, DeckFormat format, Guid owner, IReadOnlyDictionary<Guid, DeckCard> known)
    {
        var places = Places(draft);
        return
        [
            .. Slots(draft, format),
            .. Sizes(draft, format),
            .. Twice(places),
            .. Types(places, format, known),
            .. Copies(draft, format, known),
            .. NotOwned(places, owner, known),
        ];
    }

    private static List<(string Field, Guid Card)> Places(DeckDraft draft) =>
        [
            .. draft.SummonSlots.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => ($"summonSlots.{s.Key}", s.Value)),
            .. draft.MainDeck.Select(c => ("mainDeck", c)),
            .. draft.AdvanceDeck.Select(c => ("advanceDeck", c)),
        ];

    private static IEnumerable<DeckFault> Slots(DeckDraft draft, DeckFormat format)
    {
        foreach (var slot in format.Slots.Where(s => !draft.SummonSlots.ContainsKey(s)))
            yield return new(DeckFault.SlotEmpty, $"summonSlots.{slot}", "has no card");
        foreach (var slot in draft.SummonSlots.Keys.Where(s => !format.Slots.Contains(s, StringComparer.Ordinal)).Order(StringComparer.Ordinal))
            yield return new(DeckFault.SlotUnknown, $"summonSlots.{slot}", $"is no slot of {format.Name}; it has {string.Join(", ", format.Slots)}");
    }

    private static IEnumerable<DeckFault> Sizes(DeckDraft draft, DeckFormat format)
    {
        if (draft.MainDeck.Count < format.MainMin || draft.MainDeck.Count > format.MainMax)
            yield return new(DeckFault.Size, "mainDeck", $"has {draft.MainDeck.Count} cards; {format.Name} takes {format.MainMin} to {format.MainMax}");
        if (draft.AdvanceDeck.Count > format.AdvanceMax)
            yield return new(DeckFault.Size, "advanceDeck", $"has {draft.AdvanceDeck.Count} cards; {format.Name} takes at most {format.AdvanceMax}");
    }

    private static IEnumerable<DeckFault> Twice(List<(string Field, Guid Card)> places) =>
        places
            .GroupBy(p => p.Card)
            .Where(g => g.Count() > 1)
            .Select(g => new DeckFault(DeckFault.CardTwice, g.Last().Field, $"is named {g.Count()} times; a card stands in one place", g.Key));

    private static IEnumerable<DeckFault> Types(List<(string Field, Guid Card)> places, DeckFormat format, IReadOnlyDictionary<Guid, DeckCard> known)
    {
        foreach (var (field, id) in places.Distinct())
        {
            var allowed = field switch
            {
                "mainDeck" => format.MainTypes,
                "advanceDeck" => format.AdvanceTypes,
                _ => format.SlotTypes,
            };
            if (known.TryGetValue(id, out var card) && !allowed.Contains(card.Type, StringComparer.Ordinal))
                yield return new(DeckFault.WrongType, field, $"is of type {card.Type}; here stand {string.Join(", ", allowed)}", id, card.TemplateId);
        }
    }

    private static IEnumerable<DeckFault> Copies(DeckDraft draft, DeckFormat format, IReadOnlyDictionary<Guid, DeckCard> known) =>
        draft
            .Cards()
            .Where(known.ContainsKey)
            .GroupBy(c => known[c].TemplateId, StringComparer.Ordinal)
            .Where(g => g.Count() > format.MaxCopies)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new DeckFault(DeckFault.TooManyCopies, "mainDeck", $"is there {g.Count()} times; {format.Name} takes at most {format.MaxCopies} copies", Template: g.Key));

    // In the words and the order of summoners_grid.cards_not_owned, which writes the same entries when a card moves.
    private static IEnumerable<DeckFault> NotOwned(List<(string Field, Guid Card)> places, Guid owner, IReadOnlyDictionary<Guid, DeckCard> known) =>
        places
            .Distinct()
            .Where(p => !known.TryGetValue(p.Card, out var card) || card.OwnerId != owner)
            .OrderBy(p => p.Field, StringComparer.Ordinal)
            .ThenBy(p => p.Card.ToString("D"), StringComparer.Ordinal)
            .Select(p => new DeckFault(DeckFault.NotOwned, p.Field, "is not a card of the deck's owner", p.Card));
}
