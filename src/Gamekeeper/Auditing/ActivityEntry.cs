using Gamekeeper.Transactions;

namespace Gamekeeper.Auditing;

/// <summary>What someone did or tried, as it stands in the log.</summary>
/// <param name="Schema">Whose log it stands in.</param>
/// <param name="Id">Order of writing within the schema.</param>
/// <param name="At">Time of the transaction.</param>
/// <param name="Action">The verb, such as <c>trade.accept</c>.</param>
/// <param name="Subject">The id of what was acted on.</param>
/// <param name="Succeeded">False for a refused or failed attempt.</param>
/// <param name="ErrorCode">The published code of the refusal; null for success.</param>
/// <param name="Details">Ids and numbers as JSON.</param>
/// <param name="ActorId">Who acted; null for Gamekeeper itself.</param>
/// <param name="ActorKind">What kind of party acted.</param>
/// <param name="RequestId">Ties all rows of one request together.</param>
/// <param name="IpAddress">The caller's address; null outside a request and after erasure.</param>
/// <param name="UserAgent">The caller's own description; null outside a request and after erasure.</param>
public sealed record ActivityEntry(
    string Schema,
    long Id,
    DateTimeOffset At,
    string Action,
    string? Subject,
    bool Succeeded,
    string? ErrorCode,
    string? Details,
    Guid? ActorId,
    ActorKind ActorKind,
    Guid RequestId,
    string? IpAddress,
    string? UserAgent
);

/// <summary>How often something was done in a range of time, and how often it was refused.</summary>
/// <param name="Action">The verb.</param>
/// <param name="Succeeded">Times it succeeded.</param>
/// <param name="Failed">Times it was refused or failed.</param>
public sealed record ActivityStatistics(string Action, long Succeeded, long Failed);
