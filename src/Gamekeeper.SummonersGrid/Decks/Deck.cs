using Npgsql;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>A player's deck, as it is stored. Changes only through the verbs: nothing else validates.</summary>
public sealed record Deck
{
    /// <summary>The most cards in the main and in the advance deck each.</summary>
    public const int MaxCards = 100;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest description, in characters.</summary>
    public const int MaxDescriptionLength = 2000;

    /// <summary>The deck.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid OwnerId { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At most 2000 characters; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>A <see cref="DeckFormat"/>, such as <c>3v3</c>.</summary>
    public string Format { get; init; } = "3v3";

    /// <summary>
    /// Summons by slot, as JSON: <c>{"slot1": {"card": "…", "template": "alpha-001"}}</c>. The template is the card's own, written by the
    /// verbs so that decks can be searched by it; it is absent while there is no such card.
    /// </summary>
    public required string SummonSlots { get; init; }

    /// <summary>Cards of the main deck, at most 100.</summary>
    public required Guid[] MainDeck { get; init; }

    /// <summary>Cards of the advance deck, at most 100.</summary>
    public required Guid[] AdvanceDeck { get; init; }

    /// <summary>True while the deck keeps to its format and its owner holds every card it names.</summary>
    public bool IsValid { get; init; }

    /// <summary>Why it is not valid, as a JSON array of <see cref="DeckFault"/>; null when it is, or was never validated.</summary>
    public string? ValidationErrors { get; init; }

    /// <summary>True lists it for everyone.</summary>
    public bool IsPublic { get; init; }

    /// <summary>From 1; grows with every change, a card that leaves included.</summary>
    public long Version { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Why it is not valid; empty when it is, or was never validated.</summary>
    public IReadOnlyList<DeckFault> Faults() => DeckFault.Parse(ValidationErrors);

    /// <summary>The card in each slot, ordered by the slots' names.</summary>
    public IReadOnlyDictionary<string, Guid> Summons() => DeckSlots.Cards(SummonSlots);

    internal const string Columns =
        "d.id, d.owner_id, d.name, d.description, d.format, d.summon_slots::text, d.main_deck, d.advance_deck, d.is_valid, "
        + "d.validation_errors::text, d.is_public, d.version, d.created_at, d.updated_at";

    internal static Deck Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            OwnerId = row.GetGuid(1),
            Name = row.GetString(2),
            Description = row.IsDBNull(3) ? null : row.GetString(3),
            Format = row.GetString(4),
            SummonSlots = row.GetString(5),
            MainDeck = row.GetFieldValue<Guid[]>(6),
            AdvanceDeck = row.GetFieldValue<Guid[]>(7),
            IsValid = row.GetBoolean(8),
            ValidationErrors = row.IsDBNull(9) ? null : row.GetString(9),
            IsPublic = row.GetBoolean(10),
            Version = row.GetInt64(11),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(13),
        };
}
