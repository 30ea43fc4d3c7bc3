namespace Gamekeeper.Caching;

/// <summary>What became of the reads of one kind of value since the process started.</summary>
/// <param name="FirstLevel">Answered from the memory of the process.</param>
/// <param name="SecondLevel">Answered from Redis.</param>
/// <param name="Joined">Answered by a load or a look into Redis that somebody else had begun.</param>
/// <param name="Loaded">Answered by PostgreSQL, and then kept.</param>
/// <param name="Bypassed">Answered by PostgreSQL because this node might not use its cache just then.</param>
/// <param name="Stale">Answered with the last known value, marked stale, because PostgreSQL was out of reach.</param>
/// <param name="Dropped">Values dropped because a write made them old.</param>
/// <param name="Evicted">Values dropped to make room.</param>
public sealed record CacheCounts(
    long FirstLevel,
    long SecondLevel,
    long Joined,
    long Loaded,
    long Bypassed,
    long Stale,
    long Dropped,
    long Evicted
)
{
    /// <summary>Share of reads that did not ask PostgreSQL, 0 to 1; 0 when there were none.</summary>
    public double HitRate =>
        FirstLevel + SecondLevel + Joined + Loaded + Bypassed + Stale is var all and > 0
            ? (double)(FirstLevel + SecondLevel + Joined) / all
            : 0;
}
