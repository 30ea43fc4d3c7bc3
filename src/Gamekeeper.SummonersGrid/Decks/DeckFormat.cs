namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>
/// What a deck of one format is made of. The game's own is <see cref="ThreeOnThree"/>; a studio registers others with
/// <c>AddDeckFormat</c>, and may replace that one by its name.
/// </summary>
public sealed record DeckFormat
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 50;

    /// <summary>The most slots for summons.</summary>
    public const int MaxSlots = 20;

    /// <summary>
    /// Three summons, 15 to 60 cards in the main deck, at most 15 in the advance deck, at most three copies of a template. The name and the
    /// three parts are the game's; the numbers are ours, wide enough for the Alpha set and its starter deck.
    /// </summary>
    public static DeckFormat ThreeOnThree { get; } =
        new()
        {
            Name = "3v3",
            Slots = ["slot1", "slot2", "slot3"],
            SlotTypes = ["summon"],
            MainMin = 15,
            MainMax = 60,
            MainTypes = ["action", "building", "quest", "counter"],
            AdvanceMax = 15,
            AdvanceTypes = ["advance"],
            MaxCopies = 3,
        };

    /// <summary>1 to 50 of a-z, 0-9 and -; what a deck names.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the slots, all of which hold a summon; at most 20, each 1 to 30 of a-z, 0-9, _ and -.</summary>
    public required IReadOnlyList<string> Slots { get; init; }

    /// <summary>Types of card that may stand in a slot.</summary>
    public required IReadOnlyList<string> SlotTypes { get; init; }

    /// <summary>The fewest cards of the main deck, from 0.</summary>
    public required int MainMin { get; init; }

    /// <summary>The most cards of the main deck, up to 100.</summary>
    public required int MainMax { get; init; }

    /// <summary>Types of card that may stand in the main deck.</summary>
    public required IReadOnlyList<string> MainTypes { get; init; }

    /// <summary>The most cards of the advance deck, 0 to 100; it may always be empty.</summary>
    public required int AdvanceMax { get; init; }

    /// <summary>Types of card that may stand in the advance deck.</summary>
    public required IReadOnlyList<string> AdvanceTypes { get; init; }

    /// <summary>The most copies of one template in the whole deck, from 1.</summary>
    public required int MaxCopies { get; init; }

    internal string? Problem() =>
        !IsName(Name, MaxNameLength) ? $"is called '{Name}'; a name takes 1 to {MaxNameLength} of a-z, 0-9, _ and -"
        : Slots.Count > MaxSlots ? $"has {Slots.Count} slots; it takes at most {MaxSlots}"
        : !Slots.All(IsSlot) || Slots.Distinct(StringComparer.Ordinal).Count() != Slots.Count ? "has slots of one name, or whose name is not 1 to 30 of a-z, 0-9, _ and -"
        : MainMin < 0 || MainMin > MainMax || MainMax > Deck.MaxCards ? $"takes {MainMin} to {MainMax} cards in the main deck; 0 to {Deck.MaxCards} can be stored"
        : AdvanceMax is < 0 or > Deck.MaxCards ? $"takes {AdvanceMax} cards in the advance deck; 0 to {Deck.MaxCards} can be stored"
        : MaxCopies < 1 ? $"takes {MaxCopies} copies of a template; the least is 1"
        : null;

    internal static bool IsSlot(string name) => IsName(name, 30);

    private static bool IsName(string name, int most) =>
        name.Length >= 1 && name.Length <= most && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');
}
