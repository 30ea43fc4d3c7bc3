namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>One step in the life of a card: it came into the world or changed hands.</summary>
public sealed record OwnershipEvent
{
    /// <summary>The event.</summary>
    public required Guid Id { get; init; }

    /// <summary>The card.</summary>
    public required Guid CardId { get; init; }

    /// <summary>1 for the first event of a card, then without gaps.</summary>
    public required int Position { get; init; }

    /// <summary>The signed operation it belongs to.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Who gave; null for a mint.</summary>
    public Guid? PreviousOwnerId { get; init; }

    /// <summary>Who took.</summary>
    public required Guid NewOwnerId { get; init; }

    /// <summary>How it moved, such as <c>pack_opening</c>, <c>trade</c> or <c>gift</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Ids and reasons as JSON; null when there is none.</summary>
    public string? Data { get; init; }

    /// <summary>16 random bytes that keep short data from being guessed from its hash; null without data.</summary>
    public byte[]? DataSalt { get; init; }

    /// <summary>Hash of the event before; null for the first.</summary>
    public byte[]? PreviousHash { get; init; }

    /// <summary>Time of the transaction, in microseconds.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Key id and hash of this event.</summary>
    public required CardSignature Signature { get; init; }
}

/// <summary>One signed row for everything that moved at once.</summary>
public sealed record OwnershipOperation
{
    /// <summary>The operation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Order of operations.</summary>
    public required long Sequence { get; init; }

    /// <summary>mint, transfer, trade, attest, compensate or import.</summary>
    public required string Kind { get; init; }

    /// <summary>How many events it covers.</summary>
    public required int EventCount { get; init; }

    /// <summary>Merkle root over the hashes of its events, sorted.</summary>
    public required byte[] EventsRoot { get; init; }

    /// <summary>Who did it; null for the system.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>player, service, operator or system.</summary>
    public required string ActorKind { get; init; }

    /// <summary>Time of the transaction, in microseconds.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The signing key.</summary>
    public required string KeyId { get; init; }

    /// <summary>ECDSA P-256 over <see cref="OwnershipFormat.OperationBytes"/>, 64 bytes (r and s).</summary>
    public byte[] Signature { get; init; } = [];
}
