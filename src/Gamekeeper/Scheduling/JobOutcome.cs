namespace Gamekeeper.Scheduling;

/// <summary>How a run that a person asked for ended.</summary>
public abstract record RunNowOutcome
{
    private RunNowOutcome() { }

    /// <summary>This process has no job of that name.</summary>
    public sealed record Unknown(string Name) : RunNowOutcome;

    /// <summary>Someone is at it.</summary>
    /// <param name="Node">Who, as far as that is still known.</param>
    /// <param name="Until">When its lease ends unless it is renewed.</param>
    public sealed record AlreadyRunning(string? Node, DateTimeOffset? Until) : RunNowOutcome;

    /// <summary>It ran here.</summary>
    /// <param name="Succeeded">False when it failed; it is tried again on its own.</param>
    /// <param name="Said">What it says it did, or why it failed.</param>
    public sealed record Ran(bool Succeeded, string Said) : RunNowOutcome;
}

/// <summary>A job as the person on call sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="NextRunAt">When it is due.</param>
/// <param name="RunningOn">Who runs it now; null when nobody does.</param>
/// <param name="Failures">Failures since it last went well.</param>
/// <param name="LastRun">Its latest run; null when it never ran.</param>
public sealed record JobStatus(string Name, string Purpose, DateTimeOffset NextRunAt, string? RunningOn, int Failures, JobRun? LastRun);

/// <summary>One run of the history.</summary>
/// <param name="Node">Who ran it.</param>
/// <param name="IsManual">Started by a person.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Outcome"><c>succeeded</c>, <c>failed</c>, <c>lost</c>; null while it runs.</param>
/// <param name="Said">What it says it did.</param>
/// <param name="Error">Why it failed.</param>
public sealed record JobRun(
    string Node,
    bool IsManual,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Outcome,
    string? Said,
    string? Error
);
