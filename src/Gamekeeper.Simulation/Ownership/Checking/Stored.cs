namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>What lies in the database, as plain rows.</summary>
internal sealed record Stored(
    IReadOnlyList<StoredAccount> Accounts,
    IReadOnlyList<StoredCard> Cards,
    IReadOnlyList<StoredOperation> Operations,
    IReadOnlyList<StoredEvent> Events,
    IReadOnlyList<StoredTrade> Trades);

internal sealed record StoredAccount(Guid Id, string Name);

internal sealed record StoredCard(Guid Id, Guid Owner, int Events);

internal sealed record StoredOperation(Guid Id, long Sequence, string Kind, int EventCount);

internal sealed record StoredEvent(Guid Card, int Position, Guid Operation, Guid? From, Guid To, string Method);

internal sealed record StoredTrade(
    Guid Id, Guid Proposer, Guid Target, IReadOnlyList<Guid> Offered, IReadOnlyList<Guid> Wanted, string Status, Guid? Operation, string? Message);
