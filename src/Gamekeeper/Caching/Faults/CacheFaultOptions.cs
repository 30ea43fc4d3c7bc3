namespace Gamekeeper.Caching.Faults;

/// <summary>
/// Faults of the cache itself, made on purpose by <c>gamekeeper prove reads</c> and by tests; nobody else wants them. Bound from configuration
/// section <c>Gamekeeper:Cache:Faults</c>, read once at start, and refused wherever data is not disposable.
/// </summary>
internal sealed class CacheFaultOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{CacheOptions.Section}:Faults";

    /// <summary>
    /// The longest pause that a load makes between what it read and its publication. Every second load makes none, the others one of random
    /// length: writes then fall into it. Default null: none; 1 ms to 10 s.
    /// </summary>
    public TimeSpan? SlowPublication { get; set; }

    /// <summary>Safeguards that are taken away, by name, separated by commas. Default: none of them.</summary>
    public Safeguards Without { get; set; }

    /// <summary>
    /// A file. The next commit that makes cached values old takes it away and ends the process before anybody is told. Default null: none.
    /// </summary>
    public string? DieAfterCommit { get; set; }

    internal bool IsUsed => SlowPublication is not null || Without != Safeguards.None || DieAfterCommit is not null;

    internal IEnumerable<string> Problems(GamekeeperEnvironment environment)
    {
        if (IsUsed && !environment.IsDisposable())
            yield return $"{Section} makes faults on purpose and is refused in {environment}; it is for Development and Test.";
        if (SlowPublication is { } slow && (slow < TimeSpan.FromMilliseconds(1) || slow > TimeSpan.FromSeconds(10)))
            yield return $"{Section}:{nameof(SlowPublication)} is {slow}; it takes 1 ms to 10 s.";
    }
}
