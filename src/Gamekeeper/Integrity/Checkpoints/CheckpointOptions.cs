namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>How often checkpoints are made and looked at again. Bound from configuration section <c>Gamekeeper:Checkpoints</c>; read once at start.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Checkpoints";

    /// <summary>From the end of one to the beginning of the next: what is removed before it was covered is not missed. Default 5 min, 1 s to 1 day.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>At each run the checkpoints of this time are held against their rows again. Default 1 h, 0 (none) to 7 days.</summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromHours(1);

    /// <summary>When, in UTC, all checkpoints are held against all rows, once a day. Default 04:20; null never.</summary>
    public TimeOnly? FullCheckAt { get; set; } = new(4, 20);

    /// <summary>Most rows of one table in one checkpoint; more make several. Default 1 000 000, 1 to 10 000 000.</summary>
    public int MaxRows { get; set; } = 1_000_000;

    internal IEnumerable<string> Problems()
    {
        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromDays(1))
            yield return $"{Section}:Interval is {Interval}; it takes 1 s to 1 day.";
        if (Recheck < TimeSpan.Zero || Recheck > TimeSpan.FromDays(7))
            yield return $"{Section}:Recheck is {Recheck}; it takes 0 to 7 days.";
        if (MaxRows is < 1 or > 10_000_000)
            yield return $"{Section}:MaxRows is {MaxRows}; it takes 1 to 10 000 000.";
    }
}
