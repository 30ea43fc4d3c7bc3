namespace Gamekeeper.Batching;

/// <summary>How one group commit behaves.</summary>
public sealed record GroupCommitOptions
{
    /// <summary>Stable name, such as <c>summoners_grid.match-events</c>; the tag of its metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Most rows of one commit. Default 500, 1 to 10 000.</summary>
    public int MaxBatch { get; init; } = 500;

    /// <summary>
    /// Commits under way at the same time, on a connection each. Default 1, 1 to 16. The disk takes one commit after the other, so a second
    /// lane halves the batches of a few dozen writers and wins nothing; where hundreds write at once, so that the rows of a batch cost
    /// more than its commit, two carry half as much again. More than two rarely help.
    /// </summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Rows that may wait for a commit; beyond it writers wait for a place. Default 10 000, 1 to 1 000 000.</summary>
    public int MaxQueued { get; init; } = 10_000;

    /// <summary>
    /// True when writing a row again has no further effect and returns its key again, so that a batch whose commit lost its answer is
    /// sent again. False (default): its writers are told <c>transactions.outcome-unknown</c>.
    /// </summary>
    public bool IsRepeatable { get; init; }

    internal string? Problem() =>
        string.IsNullOrWhiteSpace(Name) ? "A group commit needs a name."
        : MaxBatch is < 1 or > BatchSize.Rows ? $"MaxBatch of {Name} is {MaxBatch}; it takes 1 to {BatchSize.Rows}."
        : Lanes is < 1 or > 16 ? $"Lanes of {Name} is {Lanes}; it takes 1 to 16."
        : MaxQueued is < 1 or > 1_000_000 ? $"MaxQueued of {Name} is {MaxQueued}; it takes 1 to 1 000 000."
        : null;
}
