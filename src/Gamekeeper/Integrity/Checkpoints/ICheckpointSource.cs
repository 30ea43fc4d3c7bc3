namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// An append-only table that checkpoints cover. Registered by a module; the audit log of every schema is one by itself. Its rows are numbered
/// by a sequence that is not cached (<c>cache 1</c>): numbers grow as they are taken, and are committed in any order or never.
/// </summary>
public interface ICheckpointSource
{
    /// <summary>Schema and table, such as <c>core.audit_log</c>; stands in every checkpoint and never changes.</summary>
    string Name { get; }

    /// <summary>
    /// The committed rows with numbers above <paramref name="after"/> up to <paramref name="through"/>, by number and then by key, on one
    /// snapshot, streamed. Rows of one number come from one transaction.
    /// </summary>
    /// <param name="after">Before the first number.</param>
    /// <param name="through">The last number.</param>
    /// <param name="limit">At most so many rows; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<CheckpointLeaf> ReadAsync(long after, long through, long? limit, CancellationToken cancellationToken);

    /// <summary>
    /// The transactions under way that have taken a number, by their virtual ids: only they can still add a row with a number that others
    /// have passed. PostgreSQL keeps a lock on the sequence for each of them until its end, and lets go of it after its rows can be seen.
    /// </summary>
    Task<IReadOnlyList<string>> WritersAsync(CancellationToken cancellationToken);
}

/// <summary>One row as a checkpoint covers it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Key">Its key, for whoever has to find it: letters, digits, <c>-</c> and <c>/</c>.</param>
/// <param name="Hash">SHA-256 of all that the row says, 32 bytes.</param>
public readonly record struct CheckpointLeaf(long Number, string Key, byte[] Hash);
