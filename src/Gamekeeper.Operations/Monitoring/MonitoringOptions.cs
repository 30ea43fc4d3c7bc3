using Microsoft.Extensions.Options;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>From where on the reports on the database speak up. Bound from configuration section <c>Gamekeeper:Monitoring</c>; read once at start.</summary>
public sealed class MonitoringOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Monitoring";

    /// <summary>A statement whose mean time is above this is a slow query. Default 100 ms, 0 to 1 h.</summary>
    public TimeSpan SlowMean { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long the server must have counted before an index that nobody read is called unused. Default 30 days, so that what runs once a
    /// month has run; 0 to 365 days.
    /// </summary>
    public TimeSpan UnusedAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A smaller index is not worth telling as unused. In bytes; default 1 MiB, 0 or more.</summary>
    public long UnusedMinBytes { get; set; } = 1024 * 1024;

    /// <summary>Rows from which it matters that a table is read from end to end. Default 10 000, at least 1.</summary>
    public long ManyRows { get; set; } = 10_000;

    /// <summary>Reads from end to end that are many. Default 1000, at least 1.</summary>
    public long ManyScans { get; set; } = 1000;

    internal IEnumerable<string> Problems()
    {
        if (SlowMean < TimeSpan.Zero || SlowMean > TimeSpan.FromHours(1))
            yield return $"{Section}:{nameof(SlowMean)} is {SlowMean}; it takes 0 to 1 h.";
        if (UnusedAfter < TimeSpan.Zero || UnusedAfter > TimeSpan.FromDays(365))
            yield return $"{Section}:{nameof(UnusedAfter)} is {UnusedAfter}; it takes 0 to 365 days.";
        if (UnusedMinBytes < 0)
            yield return $"{Section}:{nameof(UnusedMinBytes)} is {UnusedMinBytes}; it takes 0 or more.";
        if (ManyRows < 1)
            yield return $"{Section}:{nameof(ManyRows)} is {ManyRows}; it takes at least 1.";
        if (ManyScans < 1)
            yield return $"{Section}:{nameof(ManyScans)} is {ManyScans}; it takes at least 1.";
    }
}

/// <summary>A value out of range stops the start with its name and range.</summary>
internal sealed class MonitoringOptionsCheck : IValidateOptions<MonitoringOptions>
{
    public ValidateOptionsResult Validate(string? name, MonitoringOptions options)
    {
        var problems = options.Problems().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
