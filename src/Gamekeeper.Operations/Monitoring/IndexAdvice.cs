namespace Gamekeeper.Operations.Monitoring;

/// <summary>What to do about indexes.</summary>
/// <param name="CountedSince">
/// Since when the server has counted reads at the least: the last reset, else its start. The counters are the primary's own.
/// </param>
/// <param name="Findings">By check, then by table.</param>
/// <param name="NotJudged">What could not be judged, and why.</param>
/// <param name="Kept">What would be a finding and stays on purpose.</param>
public sealed record IndexAdvice(
    DateTimeOffset CountedSince,
    IReadOnlyList<IndexFinding> Findings,
    IReadOnlyList<NotJudged> NotJudged,
    IReadOnlyList<KeptIndex> Kept
);

/// <summary>One thing to do.</summary>
/// <param name="Check">
/// <c>unindexed-foreign-key</c>, <c>many-sequential-scans</c>, <c>unused-index</c>, <c>duplicate-index</c>, <c>prefix-index</c> or
/// <c>invalid-index</c>.
/// </param>
/// <param name="Schema">The schema.</param>
/// <param name="Table">The table.</param>
/// <param name="Index">The index it is about; null where one is missing.</param>
/// <param name="Threshold">From where on it is told.</param>
/// <param name="Reason">What was found.</param>
/// <param name="Ddl">
/// What would remedy it, for the table's owner to run by hand or in a migration outside a transaction; null where somebody has to look first.
/// </param>
/// <param name="EstimatedBytes">What the index takes, or would take; null where there is none to speak of.</param>
public sealed record IndexFinding(
    string Check,
    string Schema,
    string Table,
    string? Index,
    string Threshold,
    string Reason,
    string? Ddl,
    long? EstimatedBytes
);

/// <summary>A check that was left out, for all or for one index.</summary>
/// <param name="Check">Which one.</param>
/// <param name="Index">For this index; null for all.</param>
/// <param name="Why">What stood in the way.</param>
public sealed record NotJudged(string Check, string? Index, string Why);

/// <summary>An index that stays although a check speaks against it: its comment in the database begins with <c>kept:</c>.</summary>
/// <param name="Check">What would be found.</param>
/// <param name="Schema">The schema.</param>
/// <param name="Index">The index.</param>
/// <param name="Why">What its comment says.</param>
public sealed record KeptIndex(string Check, string Schema, string Index, string Why);
