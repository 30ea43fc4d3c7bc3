using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.SummonersGrid.Decks;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>A whole deck.</summary>
internal sealed record DeckRequest(
    [property: Required, StringLength(Deck.MaxNameLength, MinimumLength = 1)] string Name,
    [property: StringLength(Deck.MaxDescriptionLength)] string? Description,
    [property: StringLength(DeckFormat.MaxNameLength, MinimumLength = 1), Description("A format of this game; `3v3` when absent.")] string? Format,
    [property: Required, Description("Cards by the names of the format's slots; null is the same as absent.")] IReadOnlyDictionary<string, Guid?> SummonSlots,
    [property: Required, Length(0, Deck.MaxCards), Description("Cards of the main deck.")] IReadOnlyList<Guid> MainDeck,
    [property: Length(0, Deck.MaxCards), Description("Cards of the advance deck; none when absent.")] IReadOnlyList<Guid>? AdvanceDeck,
    [property: Description("Whether everyone sees it; false when absent.")] bool? IsPublic
);

/// <summary>Parts of a deck; what is absent stays as it is.</summary>
internal sealed record DeckChangeRequest(
    [property: StringLength(Deck.MaxNameLength, MinimumLength = 1)] string? Name,
    [property: StringLength(Deck.MaxDescriptionLength), Description("Empty takes it away.")] string? Description,
    [property: StringLength(DeckFormat.MaxNameLength, MinimumLength = 1)] string? Format,
    [property: Description("Merged slot by slot: a card takes the slot, null empties it, a slot that is absent stays.")] IReadOnlyDictionary<string, Guid?>? SummonSlots,
    [property: Length(0, Deck.MaxCards), Description("All cards of the main deck.")] IReadOnlyList<Guid>? MainDeck,
    [property: Length(0, Deck.MaxCards), Description("All cards of the advance deck.")] IReadOnlyList<Guid>? AdvanceDeck,
    bool? IsPublic
);

/// <summary>One reason why a deck is not valid.</summary>
internal sealed record DeckFaultResponse(
    [property: Description("Stable; the texts are for people.")] string Code,
    string Field,
    string Message,
    Guid? Card,
    string? Template
)
{
    public static DeckFaultResponse Of(DeckFault fault) => new(fault.Code, fault.Field, fault.Message, fault.Card, fault.Template);
}

/// <summary>A stored deck.</summary>
internal sealed record DeckResponse(
    Guid Id,
    Guid OwnerId,
    string Name,
    string? Description,
    string Format,
    [property: Description("Cards by slot, in the form in which they are sent.")] IReadOnlyDictionary<string, Guid> SummonSlots,
    IReadOnlyList<Guid> MainDeck,
    IReadOnlyList<Guid> AdvanceDeck,
    [property: Description("True while the deck keeps to its format and its owner holds every card it names.")] bool IsValid,
    [property: Description("Why it is not valid; empty when it is.")] IReadOnlyList<DeckFaultResponse> ValidationErrors,
    bool IsPublic,
    [property: Description("Grows with every change; stands in `ETag`.")] long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static DeckResponse Of(Deck deck) =>
        new(
            deck.Id,
            deck.OwnerId,
            deck.Name,
            deck.Description,
            deck.Format,
            deck.Summons(),
            deck.MainDeck,
            deck.AdvanceDeck,
            deck.IsValid,
            [.. deck.Faults().Select(DeckFaultResponse.Of)],
            deck.IsPublic,
            deck.Version,
            deck.CreatedAt,
            deck.UpdatedAt
        );
}
