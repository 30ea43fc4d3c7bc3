namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>A deck as a player wants it.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="SummonSlots">The card of each slot that is filled, at most 20; names of 1 to 30 of a-z, 0-9, _ and -.</param>
/// <param name="MainDeck">At most 100 cards.</param>
/// <param name="AdvanceDeck">At most 100 cards.</param>
/// <param name="Format">A registered format; an unknown one is an input error.</param>
/// <param name="Description">At most 2000 characters; null or empty for none.</param>
/// <param name="IsPublic">True lists it for everyone.</param>
public sealed record DeckDraft(
    string Name,
    IReadOnlyDictionary<string, Guid> SummonSlots,
    IReadOnlyList<Guid> MainDeck,
    IReadOnlyList<Guid> AdvanceDeck,
    string Format = "3v3",
    string? Description = null,
    bool IsPublic = false
)
{
    /// <summary>Every card it names, each once.</summary>
    internal Guid[] Cards() => [.. MainDeck.Concat(AdvanceDeck).Concat(SummonSlots.Values).Distinct()];

    /// <summary>The same request has the same fingerprint, in whatever order its slots were named.</summary>
    internal DeckDraft Normal() =>
        this with
        {
            SummonSlots = new SortedDictionary<string, Guid>(SummonSlots.ToDictionary(), StringComparer.Ordinal),
            Description = string.IsNullOrEmpty(Description) ? null : Description,
        };

    /// <summary>What cannot be stored at all. Whether the deck keeps to its format is another question.</summary>
    internal List<FieldError> Problems(DeckFormats formats)
    {
        var errors = new List<FieldError>();
        void Refuse(string field, string problem) => errors.Add(new FieldError(field, problem));

        var name = Name.EnumerateRunes().Count();
        if (string.IsNullOrWhiteSpace(Name) || name > Deck.MaxNameLength)
            Refuse("name", $"takes 1 to {Deck.MaxNameLength} characters, not all of them blank; {name} were given");
        if (Description?.EnumerateRunes().Count() > Deck.MaxDescriptionLength)
            Refuse("description", $"is longer than {Deck.MaxDescriptionLength} characters");
        foreach (var (field, text) in new[] { ("name", Name), ("description", Description) })
            if (text?.IsStorable() == false)
                Refuse(field, "holds U+0000 or half of a character, which no text can keep");
        if (!formats.TryFind(Format, out _))
            Refuse("format", $"takes one of {string.Join(", ", formats.Names)}; a text of {Format.Length} characters was given");
        foreach (var (field, cards) in new[] { ("mainDeck", MainDeck), ("advanceDeck", AdvanceDeck) })
            if (cards.Count > Deck.MaxCards)
                Refuse(field, $"names {cards.Count} cards; it takes at most {Deck.MaxCards}");
        if (SummonSlots.Count > DeckFormat.MaxSlots)
            Refuse("summonSlots", $"has {SummonSlots.Count} slots; it takes at most {DeckFormat.MaxSlots}");
        if (!SummonSlots.Keys.All(DeckFormat.IsSlot))
            Refuse("summonSlots", "has a slot whose name is not 1 to 30 of a-z, 0-9, _ and -");
        return errors;
    }
}
