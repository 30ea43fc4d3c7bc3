namespace Gamekeeper.Caching.Levels;

/// <summary>How one reader wants a value kept.</summary>
/// <param name="TimeToLive">In Redis and in memory.</param>
internal readonly record struct LoadTerms(TimeSpan TimeToLive)
{
    /// <summary>A shorter time in memory; null for the same.</summary>
    public TimeSpan? LocalFor { get; init; }

    /// <summary>Null or empty for none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public LoadMode Mode { get; init; }

    /// <summary>A larger value is answered and not kept; null for no bound but the memory's own.</summary>
    public int? MaxBytes { get; init; }
}

/// <summary>What a load leaves out.</summary>
[Flags]
internal enum LoadMode
{
    /// <summary>Nothing.</summary>
    Usual = 0,

    /// <summary>It does not look into Redis.</summary>
    NotFromRedis = 1,

    /// <summary>It does not publish.</summary>
    NotToRedis = 2,

    /// <summary>It does not keep its value in memory.</summary>
    NotInMemory = 4,
}
