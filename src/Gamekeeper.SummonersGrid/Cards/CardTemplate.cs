namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// A static card definition. The five documents are JSON, kept as their text until somebody asks: most readers pass them on.
/// </summary>
public sealed record CardTemplate
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 50;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest type, in characters.</summary>
    public const int MaxTypeLength = 50;

    /// <summary>The longest rarity, in characters.</summary>
    public const int MaxRarityLength = 20;

    /// <summary>The longest flavour text, in characters.</summary>
    public const int MaxFlavorTextLength = 4000;

    /// <summary>The longest picture address, in characters.</summary>
    public const int MaxImageUrlLength = 2048;

    /// <summary>The designer's id, 1 to 50 characters.</summary>
    public required string Id { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of card, 1 to 50 characters.</summary>
    public required string Type { get; init; }

    /// <summary>1 to 20 characters.</summary>
    public required string Rarity { get; init; }

    /// <summary>What playing it costs: a JSON object, or null.</summary>
    public string? Cost { get; init; }

    /// <summary>What it needs: a JSON object, or null.</summary>
    public string? Requirements { get; init; }

    /// <summary>What it does: a JSON array or object, or null.</summary>
    public string? Effects { get; init; }

    /// <summary>Faction, element, keywords: a JSON object, or null.</summary>
    public string? Attributes { get; init; }

    /// <summary>Numbers of a summon: a JSON object, or null.</summary>
    public string? Stats { get; init; }

    /// <summary>At most 4000 characters; null for none.</summary>
    public string? FlavorText { get; init; }

    /// <summary>At most 2048 characters; null for none.</summary>
    public string? ImageUrl { get; init; }
}
