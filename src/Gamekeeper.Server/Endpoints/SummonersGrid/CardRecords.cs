using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gamekeeper.Server.Requests;
using Gamekeeper.SummonersGrid.Cards;

namespace Gamekeeper.Server.Endpoints.SummonersGrid;

/// <summary>A static card definition.</summary>
internal sealed record TemplateResponse(
    string Id,
    string Name,
    string Type,
    string Rarity,
    JsonElement? Cost,
    JsonElement? Requirements,
    JsonElement? Effects,
    JsonElement? Attributes,
    JsonElement? Stats,
    string? FlavorText,
    string? ImageUrl
)
{
    public static TemplateResponse Of(CardTemplate template) =>
        new(
            template.Id,
            template.Name,
            template.Type,
            template.Rarity,
            WireDocument.Of(template.Cost),
            WireDocument.Of(template.Requirements),
            WireDocument.Of(template.Effects),
            WireDocument.Of(template.Attributes),
            WireDocument.Of(template.Stats),
            template.FlavorText,
            template.ImageUrl
        );
}

/// <summary>One owned card.</summary>
internal sealed record CardResponse(
    Guid Id,
    string TemplateId,
    Guid OwnerId,
    [property: Description("Numbers of a procedural card; null for a plain copy.")] JsonElement? UniqueStats,
    [property: Description("Key id and hash of the latest ownership event.")] string Signature,
    string AcquiredMethod,
    [property: Description("Ownership events so far; 1 until it first moves.")] int Events,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastTransferred,
    TemplateResponse? Template
)
{
    public static CardResponse Of(OwnedCard owned) => Of(owned.Card, TemplateResponse.Of(owned.Template));

    public static CardResponse Of(Card card, TemplateResponse? template) =>
        new(
            card.Id,
            card.TemplateId,
            card.OwnerId,
            WireDocument.Of(card.UniqueStats),
            card.Signature,
            card.AcquiredMethod,
            card.Events,
            card.CreatedAt,
            card.LastTransferred,
            template
        );
}

/// <summary>Cards to bring into the world, all for one player.</summary>
internal sealed record MintRequest(
    [property: Required] Guid? OwnerId,
    [property: Required, Length(1, MintCards.MaxCards), Description("One entry a card, repeats wanted.")] IReadOnlyList<string> TemplateIds,
    [property: StringLength(50, MinimumLength = 1), RegularExpression("^[a-z0-9_-]+$"), Description("How they come; `pack_opening` when absent.")] string? Method,
    [property: Description("An object of integers and texts, at most 2 KB, kept with the history.")] JsonElement? Data
);

/// <summary>Cards that were made.</summary>
internal sealed record MintResponse([property: Description("The one signed operation that made them.")] Guid OperationId, IReadOnlyList<Guid> CardIds);

/// <summary>Who gets the card.</summary>
internal sealed record TransferRequest(
    [property: Required] Guid? To,
    [property: Description("Who must own it now; a player when absent. Keys name it.")] Guid? From,
    [property: StringLength(50, MinimumLength = 1), RegularExpression("^[a-z0-9_-]+$"), Description("How it moves; `gift` when absent.")] string? Method
);

/// <summary>What moved.</summary>
internal sealed record TransferResponse(Guid CardId, [property: Description("The signed operation.")] Guid OperationId);

/// <summary>Who opens the pack.</summary>
internal sealed record OpenPackRequest([property: Required] Guid? OwnerId);

/// <summary>What an import did.</summary>
internal sealed record ImportResponse(int Inserted, int Updated, int Unchanged, int Total);
