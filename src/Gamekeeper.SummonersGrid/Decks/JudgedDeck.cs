namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>A draft together with what was found of it, ready to be stored. The cards it names are held.</summary>
internal static class JudgedDeck
{
    public static Deck Of(DeckDraft draft, DeckFormats formats, Guid owner, IReadOnlyList<DeckCard> cards)
    {
        if (!formats.TryFind(draft.Format, out var format))
            throw new System.Diagnostics.UnreachableException("A draft of an unknown format is refused before.");
        var known = cards.ToDictionary(c => c.Id);
        var faults = DeckValidation.Judge(draft, format, owner, known);
        return new Deck
        {
            OwnerId = owner,
            Name = draft.Name,
            Description = draft.Description,
            Format = draft.Format,
            SummonSlots = DeckSlots.Write(draft.SummonSlots, known),
            MainDeck = [.. draft.MainDeck],
            AdvanceDeck = [.. draft.AdvanceDeck],
            IsValid = faults.Count == 0,
            ValidationErrors = DeckFault.Write(faults),
            IsPublic = draft.IsPublic,
        };
    }
}
