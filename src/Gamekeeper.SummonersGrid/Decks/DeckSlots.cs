using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>The summons of a deck as they are stored. summoners_grid.deck_cards reads the same form.</summary>
internal static class DeckSlots
{
    public static string Write(IReadOnlyDictionary<string, Guid> cards, IReadOnlyDictionary<Guid, DeckCard> known) =>
        JsonSerializer.Serialize(
            cards.ToDictionary(
                s => s.Key,
                s =>
                    known.TryGetValue(s.Value, out var card)
                        ? new Dictionary<string, string> { ["card"] = s.Value.ToString("D"), ["template"] = card.TemplateId }
                        : new Dictionary<string, string> { ["card"] = s.Value.ToString("D") }
            )
        );

    /// <summary>The card of each slot; a slot that names none is left out, as is a plain text that is no id.</summary>
    public static IReadOnlyDictionary<string, Guid> Cards(string json)
    {
        var cards = new SortedDictionary<string, Guid>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        foreach (var slot in document.RootElement.EnumerateObject())
        {
            var value = slot.Value.ValueKind == JsonValueKind.Object && slot.Value.TryGetProperty("card", out var inner) ? inner : slot.Value;
            if (value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out var card))
                cards[slot.Name] = card;
        }
        return cards;
    }
}
