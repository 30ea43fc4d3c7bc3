using System.Diagnostics.CodeAnalysis;
using Gamekeeper.SummonersGrid.Ownership;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>One owned card.</summary>
public sealed record Card
{
    private readonly SignatureText _signature;

    /// <summary>A card whose members are given one by one.</summary>
    public Card() { }

#pragma warning disable CS8618 // Signature reads the field, which is set.
    [SetsRequiredMembers]
    internal Card(Guid id, string templateId, Guid ownerId, SignatureText signature, string acquiredMethod, int events) =>
        (Id, TemplateId, OwnerId, _signature, AcquiredMethod, Events) = (id, templateId, ownerId, signature, acquiredMethod, events);
#pragma warning restore CS8618

    /// <summary>The card.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is a copy of.</summary>
    public required string TemplateId { get; init; }

    /// <summary>Who owns it now.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>Numbers of a procedural card as JSON; null for a plain copy.</summary>
    public string? UniqueStats { get; init; }

    /// <summary>Hash of the latest ownership event, under the key id that signed it.</summary>
    public required string Signature
    {
        get => _signature.ToString();
        init => _signature = new SignatureText(value);
    }

    /// <summary>How it came into the world.</summary>
    public required string AcquiredMethod { get; init; }

    /// <summary>How many ownership events it has; 1 until it first moves.</summary>
    public required int Events { get; init; }

    /// <summary>When it was minted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last moved; null when it never did.</summary>
    public DateTimeOffset? LastTransferred { get; init; }
}

/// <summary>A card with what it is a copy of.</summary>
public sealed record OwnedCard(Card Card, CardTemplate Template);

internal static class CardColumns
{
    public const string All =
        "c.id, c.template_id, c.owner_id, c.unique_stats::text, c.signature, c.acquired_method, c.events, c.created_at, c.last_transferred";

    public const int Count = 9;

    public static Card Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            TemplateId = row.GetString(1),
            OwnerId = row.GetGuid(2),
            UniqueStats = row.IsDBNull(3) ? null : row.GetString(3),
            Signature = row.GetString(4),
            AcquiredMethod = row.GetString(5),
            Events = row.GetInt32(6),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(7),
            LastTransferred = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        };
}
