namespace Gamekeeper.Batching;

/// <summary>What became of one row.</summary>
public abstract record GroupCommitOutcome
{
    private GroupCommitOutcome() { }

    /// <summary>It is durable.</summary>
    public sealed record Written : GroupCommitOutcome;

    /// <summary>
    /// The statement passed over it (a conflict, or a condition that did not hold) and nothing of it was written. The other rows of the
    /// batch are not touched by that.
    /// </summary>
    public sealed record NotWritten : GroupCommitOutcome;
}
