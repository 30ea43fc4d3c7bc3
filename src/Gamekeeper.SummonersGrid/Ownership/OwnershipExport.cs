using Gamekeeper.Integrity;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>
/// A card's history in the form that anyone can check with the public key alone: every value that is hashed, and for each event the
/// path that leads from its hash to the signed root. Written with camelCase members; docs/reference/ownership-format.md says how to read it.
/// </summary>
public sealed record OwnershipExport(string Format, ExportedCard Card, IReadOnlyList<ExportedEvent> Events)
{
    /// <summary>The name and version of this form.</summary>
    public const string CurrentFormat = "gamekeeper.ownership/1";

    /// <summary>The export of a history.</summary>
    public static OwnershipExport Of(CardHistory history) =>
        new(
            CurrentFormat,
            new ExportedCard(
                history.Card.Id,
                history.Card.TemplateId,
                Canonical(history.Card.UniqueStats),
                history.Card.OwnerId,
                history.Card.Signature
            ),
            [.. history.Events.Select(e => Event(e, history))]
        );

    private static ExportedEvent Event(OwnershipEvent e, CardHistory history)
    {
        var siblings = history.Siblings[e.OperationId].ToList();
        var path = siblings.Any(h => h.AsSpan().SequenceEqual(e.Signature.Hash)) ? MerkleTree.Path(siblings, e.Signature.Hash) : [];
        return new ExportedEvent
        {
            Id = e.Id,
            Position = e.Position,
            PreviousOwnerId = e.PreviousOwnerId,
            NewOwnerId = e.NewOwnerId,
            Method = e.Method,
            CreatedAt = e.CreatedAt,
            CreatedAtMicroseconds = Microseconds(e.CreatedAt),
            Data = Canonical(e.Data),
            DataSalt = Hex(e.DataSalt),
            DataHash = DataHash(e),
            PreviousHash = Hex(e.PreviousHash),
            Hash = Hex(e.Signature.Hash)!,
            Path = [.. path.Select(s => new ExportedStep(s.IsLeft ? "left" : "right", Hex(s.Hash)!))],
            Operation = history.Operations.TryGetValue(e.OperationId, out var operation) ? Operation(operation) : null,
        };
    }

    private static ExportedOperation Operation(OwnershipOperation o) =>
        new()
        {
            Id = o.Id,
            Sequence = o.Sequence,
            Kind = o.Kind,
            EventCount = o.EventCount,
            EventsRoot = Hex(o.EventsRoot)!,
            ActorId = o.ActorId,
            ActorKind = o.ActorKind,
            CreatedAtMicroseconds = Microseconds(o.CreatedAt),
            KeyId = o.KeyId,
            Signature = Hex(o.Signature)!,
        };

    // A document that has no canonical spelling was never written by us. It is shown as it stands, without a hash, for others to refuse.
    private static string? Canonical(string? json)
    {
        try
        {
            return json is null ? null : CanonicalJson.Of(json);
        }
        catch (ArgumentException)
        {
            return json;
        }
    }

    private static string? DataHash(OwnershipEvent e)
    {
        try
        {
            return Hex(OwnershipFormat.DataHash(e.Data, e.DataSalt));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static long Microseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(bytes);
}

/// <summary>The card as its row says.</summary>
public sealed record ExportedCard(Guid Id, string TemplateId, string? UniqueStats, Guid OwnerId, string Signature);

/// <summary>One event; hashes, salts and signatures in lower-case hex.</summary>
public sealed record ExportedEvent
{
    public required Guid Id { get; init; }
    public required int Position { get; init; }
    public Guid? PreviousOwnerId { get; init; }
    public required Guid NewOwnerId { get; init; }
    public required string Method { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Microseconds since 1970, as they are hashed.</summary>
    public required long CreatedAtMicroseconds { get; init; }

    /// <summary>In canonical spelling, as it is hashed; null when there is none.</summary>
    public string? Data { get; init; }

    public string? DataSalt { get; init; }

    /// <summary>SHA-256 of salt and data.</summary>
    public string? DataHash { get; init; }

    public string? PreviousHash { get; init; }
    public required string Hash { get; init; }

    /// <summary>From this event's hash up to the operation's root.</summary>
    public required IReadOnlyList<ExportedStep> Path { get; init; }

    public ExportedOperation? Operation { get; init; }
}

/// <summary>One level of the path: the sibling, and the side it stands on.</summary>
public sealed record ExportedStep(string Side, string Hash);

/// <summary>What was signed.</summary>
public sealed record ExportedOperation
{
    public required Guid Id { get; init; }
    public required long Sequence { get; init; }
    public required string Kind { get; init; }
    public required int EventCount { get; init; }
    public required string EventsRoot { get; init; }
    public Guid? ActorId { get; init; }
    public required string ActorKind { get; init; }
    public required long CreatedAtMicroseconds { get; init; }
    public required string KeyId { get; init; }

    /// <summary>ECDSA P-256 over SHA-256, r and s, 128 hex digits.</summary>
    public required string Signature { get; init; }
}
