namespace Gamekeeper.Migrations;

/// <summary>One migration as code and history know it.</summary>
/// <param name="Schema">Whose it is.</param>
/// <param name="Name">Fourteen digits, underscore, title.</param>
/// <param name="Kind">SQL file or data function.</param>
/// <param name="Phase">Its part in a change without downtime.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AppliedAt">When it was done; null while it is not.</param>
/// <param name="Duration">How long it took; null while it is not done.</param>
/// <param name="AppliedBy">Database role and host that ran it.</param>
/// <param name="Progress">Where a started one stands.</param>
/// <param name="Changed">Rows changed by a data migration so far.</param>
/// <param name="Error">Why it stopped last; null when nothing went wrong since.</param>
/// <param name="Notes">What its head says to the person who runs it.</param>
public sealed record MigrationStatus(
    string Schema,
    string Name,
    MigrationKind Kind,
    MigrationPhase Phase,
    MigrationState State,
    DateTimeOffset? AppliedAt,
    TimeSpan? Duration,
    string? AppliedBy,
    string? Progress,
    long? Changed,
    string? Error,
    string Notes
);

/// <summary>What a migration is made of.</summary>
public enum MigrationKind
{
    /// <summary>A numbered file.</summary>
    Sql,

    /// <summary>A function that moves data bite by bite.</summary>
    Data,
}

/// <summary>Where a migration stands.</summary>
public enum MigrationState
{
    /// <summary>Not run yet.</summary>
    Pending,

    /// <summary>Begun and not finished: it goes on where it stopped.</summary>
    Started,

    /// <summary>Done.</summary>
    Applied,

    /// <summary>Applied, but the file has been changed since: refused.</summary>
    Changed,

    /// <summary>In the history and not in this code.</summary>
    Unknown,

    /// <summary>Older than one already applied in its schema: refused unless allowed.</summary>
    OutOfOrder,

    /// <summary>For a single server only, and this database spans several.</summary>
    SkippedWhenDistributed,
}
