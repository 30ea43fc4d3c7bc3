namespace Gamekeeper.Scheduling;

/// <summary>How this process takes part in periodic work. Bound from configuration section <c>Gamekeeper:Jobs</c>.</summary>
public sealed class JobSchedulerOptions
{
    /// <summary>This process in the history. Default machine name and process id.</summary>
    public string Node { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>How often it looks for due jobs. Default 5 s, 10 ms to 1 h.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a runner may be silent before another takes its job over. Renewed every third of it. Default 1 min, 100 ms to 1 h.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a first failure a job is tried again; doubles with each further one, up to <see cref="RetryMax"/>. Default 30 s.</summary>
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause after a failure. Default 1 h.</summary>
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromHours(1);

    internal TimeSpan PauseAfter(int failures) =>
        failures < 1 ? TimeSpan.Zero
        : failures > 30 ? RetryMax
        : Retry * Math.Pow(2, failures - 1) is var pause && pause < RetryMax ? pause
        : RetryMax;

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Node))
            yield return "Gamekeeper:Jobs:Node is empty; name this process.";
        if (Poll < TimeSpan.FromMilliseconds(10) || Poll > TimeSpan.FromHours(1))
            yield return $"Gamekeeper:Jobs:Poll is {Poll}; it takes 10 ms to 1 h.";
        if (Lease < TimeSpan.FromMilliseconds(100) || Lease > TimeSpan.FromHours(1))
            yield return $"Gamekeeper:Jobs:Lease is {Lease}; it takes 100 ms to 1 h.";
        if (Retry <= TimeSpan.Zero || RetryMax < Retry)
            yield return $"Gamekeeper:Jobs:Retry is {Retry} and RetryMax {RetryMax}; the first takes more than zero and the second at least the first.";
    }
}
