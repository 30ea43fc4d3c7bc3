using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Ownership.Import;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>What a card's row claims: the head of its history.</summary>
internal sealed record CardHead(
    Guid Id,
    string TemplateId,
    string? UniqueStats,
    Guid OwnerId,
    int Events,
    string Signature,
    IReadOnlyList<string> Chain,
    string AcquiredMethod,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastTransferred,
    string? AcquisitionData
)
{
    public static CardHead Of(CardHistory history) =>
        new(
            history.Card.Id,
            history.Card.TemplateId,
            history.Card.UniqueStats,
            history.Card.OwnerId,
            history.Card.Events,
            history.Card.Signature,
            history.SignatureChain,
            history.Card.AcquiredMethod,
            history.Card.CreatedAt,
            history.Card.LastTransferred,
            history.AcquisitionData
        );
}

/// <summary>
/// Walks one card's events from the first and compares each with its own hash, with the one before, and the last with the card's row.
/// Whatever column of whatever row is altered, removed or put elsewhere, the walk ends at a row it can name.
/// </summary>
internal static class ChainCheck
{
    private const string History = "summoners_grid.ownership_history";
    private const string Cards = "summoners_grid.card_instances";
    private const int TailLength = 8;

    public static InvariantBreach? FirstBreach(CardHead card, IReadOnlyList<OwnershipEvent> events)
    {
        if (events.Count == 0)
            return new(Cards, card.Id.ToString(), "the card has no history at all");
        OwnershipEvent? before = null;
        foreach (var e in events)
        {
            if (Against(e, before, card) is { } finding)
                return new(History, e.Id.ToString(), $"card {card.Id}, position {e.Position}: {finding}");
            before = e;
        }
        return Head(card, events) is { } head ? new(Cards, card.Id.ToString(), head) : null;
    }

    private static string? Against(OwnershipEvent e, OwnershipEvent? before, CardHead card)
    {
        var expected = (before?.Position ?? 0) + 1;
        if (e.Position != expected)
            return $"an event is missing or out of order: position {expected} was expected";
        if (e.CardId != card.Id)
            return "the event belongs to another card";
        if (!HashFits(e, card))
            return "the row is not what was hashed: a column was altered";
        if (before is null)
            return null;
        if (!Same(e.PreviousHash, before.Signature.Hash))
            return "it does not follow the event before it";
        return e.PreviousOwnerId == before.NewOwnerId ? null : "it takes the card from someone who did not own it";
    }

    // Data that cannot be spelled canonically was never written by us, so it is an alteration and not a failure of the check.
    private static bool HashFits(OwnershipEvent e, CardHead card)
    {
        try
        {
            var facts = e.Position == 1 ? OwnershipFormat.FactsHash(card.TemplateId, card.UniqueStats) : null;
            return Same(e.Signature.Hash, OwnershipFormat.EventHash(e, facts));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? Head(CardHead card, IReadOnlyList<OwnershipEvent> events)
    {
        var (first, last) = (events[0], events[^1]);
        if (card.Events != events.Count)
            return $"the card counts {card.Events} events and has {events.Count}: one was removed or added";
        if (card.Signature != last.Signature.ToString())
            return "the card's signature is not its latest event's";
        if (card.OwnerId != last.NewOwnerId)
            return $"the card's owner is not the one its history ends with ({last.NewOwnerId})";
        // A card from elsewhere is older than the event that attests it.
        var isOurs = first.Method != EventMethod.Attestation;
        if (isOurs && new CardOrigin(card.AcquiredMethod, card.CreatedAt) != CardOrigin.Of(first))
            return "how or when the card came into the world is not what its first event says";
        if (isOurs && card.AcquisitionData != first.Data)
            return "what the card was acquired with is not what its first event says";
        if (card.LastTransferred != (events.Count > 1 ? last.CreatedAt : null))
            return "when the card last moved is not what its latest event says";
        var tail = events.SkipLast(1).TakeLast(TailLength).Select(e => e.Signature.ToString());
        return card.Chain.SequenceEqual(tail) ? null : "the card's signature chain is not the tail of its history";
    }

    private static bool Same(byte[]? a, byte[]? b) => a is not null && b is not null && a.AsSpan().SequenceEqual(b);
}

/// <summary>Checks an operation's signature, and that it covers exactly the events that name it.</summary>
internal static class OperationCheck
{
    private const string Operations = "summoners_grid.ownership_operations";

    public static async ValueTask<InvariantBreach?> FirstBreachAsync(
        SigningKeyRing keys,
        OwnershipOperation operation,
        IReadOnlyCollection<byte[]> eventHashes,
        CancellationToken cancellationToken
    )
    {
        InvariantBreach Breach(string finding) => new(Operations, operation.Id.ToString(), finding);

        if (await keys.FindAsync(operation.KeyId, cancellationToken) is not { } key)
            return Breach($"it is signed by {operation.KeyId}, which is none of our keys");
        if (!key.Verify(OwnershipFormat.OperationBytes(operation), operation.Signature))
            return Breach("the signature does not fit the row: a column was altered");
        if (operation.ActorId == Guid.Empty)
            return Breach("its actor is the id of nobody, which is never written");
        if (eventHashes.Count != operation.EventCount)
            return Breach($"it covers {operation.EventCount} events and {eventHashes.Count} are there: one was removed or added");
        return MerkleTree.Root(eventHashes).AsSpan().SequenceEqual(operation.EventsRoot)
            ? null
            : Breach("its events are not the ones it signed");
    }

    /// <summary>What an event says of its operation must be what the operation says of itself.</summary>
    public static InvariantBreach? Belongs(OwnershipEvent e, OwnershipOperation? operation) =>
        operation is null
            ? new("summoners_grid.ownership_history", e.Id.ToString(), $"its operation {e.OperationId} is not there")
            : Belongs(e.Id, e.Signature.KeyId, e.CreatedAt, operation);

    /// <inheritdoc cref="Belongs(OwnershipEvent, OwnershipOperation?)" />
    public static InvariantBreach? Belongs(Guid eventId, string keyId, DateTimeOffset createdAt, OwnershipOperation operation)
    {
        InvariantBreach Breach(string finding) => new("summoners_grid.ownership_history", eventId.ToString(), finding);

        if (keyId != operation.KeyId)
            return Breach($"it names key {keyId}, its operation was signed by {operation.KeyId}");
        return createdAt == operation.CreatedAt ? null : Breach("it is not of the time of its operation");
    }
}
