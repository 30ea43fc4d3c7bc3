namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>A player's deck. Changes only through <see cref="DeckRepository"/>.</summary>
public sealed class Deck
{
    /// <summary>The most cards in the main and in the advance deck each.</summary>
    public const int MaxCards = 100;

    /// <summary>The deck.</summary>
    public Guid Id { get; internal set; }

    /// <summary>Whose it is.</summary>
    public Guid OwnerId { get; internal set; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; set; }

    /// <summary>At most 2000 characters; null for none.</summary>
    public string? Description { get; set; }

    /// <summary>Such as <c>3v3</c>.</summary>
    public string Format { get; set; } = "3v3";

    /// <summary>Summons by slot, a JSON object.</summary>
    public required string SummonSlots { get; set; }

    /// <summary>Owned cards, at most 100.</summary>
    public required Guid[] MainDeck { get; set; }

    /// <summary>Owned cards, at most 100.</summary>
    public required Guid[] AdvanceDeck { get; set; }

    /// <summary>Result of the last validation; false until there was one.</summary>
    public bool IsValid { get; internal set; }

    /// <summary>What the last validation found, as JSON; null when nothing.</summary>
    public string? ValidationErrors { get; internal set; }

    /// <summary>True lists it for everyone.</summary>
    public bool IsPublic { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; internal set; }

    /// <summary>Last change.</summary>
    public DateTimeOffset UpdatedAt { get; internal set; }
}
