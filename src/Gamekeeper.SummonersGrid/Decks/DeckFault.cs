using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>One reason why a deck is not valid.</summary>
/// <param name="Code">One of the constants here; stable across versions.</param>
/// <param name="Field">Where: <c>mainDeck</c>, <c>advanceDeck</c>, <c>summonSlots</c> or <c>summonSlots.slot1</c>.</param>
/// <param name="Message">For people, as the end of a sentence about the field or the card.</param>
/// <param name="Card">The card, where one is at fault.</param>
/// <param name="Template">The template, where one is at fault.</param>
public sealed record DeckFault(string Code, string Field, string Message, Guid? Card = null, string? Template = null)
{
    /// <summary>The card belongs to somebody else, or does not exist. Comes and goes with the card.</summary>
    public const string NotOwned = RefusalCodes.NotOwned;

    /// <summary>The card is named in two places, or twice in one.</summary>
    public const string CardTwice = "decks.card-twice";

    /// <summary>A card of this type may not stand there.</summary>
    public const string WrongType = "decks.wrong-type";

    /// <summary>More copies of one template than the format allows.</summary>
    public const string TooManyCopies = "decks.too-many-copies";

    /// <summary>A slot of the format has no card.</summary>
    public const string SlotEmpty = "decks.slot-empty";

    /// <summary>The format has no such slot.</summary>
    public const string SlotUnknown = "decks.slot-unknown";

    /// <summary>The main or the advance deck has too few or too many cards.</summary>
    public const string Size = "decks.size";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static string? Write(IReadOnlyList<DeckFault> faults) => faults.Count == 0 ? null : JsonSerializer.Serialize(faults, Json);

    internal static IReadOnlyList<DeckFault> Parse(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<DeckFault>>(json, Json)!;
}
