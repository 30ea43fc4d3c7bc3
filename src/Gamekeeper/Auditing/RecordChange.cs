using Gamekeeper.Transactions;

namespace Gamekeeper.Auditing;

/// <summary>One change of one row, as the trigger kept it.</summary>
/// <param name="Schema">Whose table it is.</param>
/// <param name="Id">Order of writing within the schema.</param>
/// <param name="At">Time of the transaction.</param>
/// <param name="Table">The logical table.</param>
/// <param name="RecordId">The row's key as text.</param>
/// <param name="Action">INSERT, UPDATE or DELETE.</param>
/// <param name="OldValues">The row before, as JSON without personal and secret columns; null for INSERT.</param>
/// <param name="NewValues">The row after, as JSON without personal and secret columns; null for DELETE.</param>
/// <param name="ActorId">Who did it; null for Gamekeeper itself and for raw SQL.</param>
/// <param name="ActorKind">What kind of party did it; null for raw SQL.</param>
/// <param name="RequestId">Ties all rows of one request together; null for raw SQL.</param>
public sealed record RecordChange(
    string Schema,
    long Id,
    DateTimeOffset At,
    string Table,
    string RecordId,
    string Action,
    string? OldValues,
    string? NewValues,
    Guid? ActorId,
    ActorKind? ActorKind,
    Guid? RequestId
);
