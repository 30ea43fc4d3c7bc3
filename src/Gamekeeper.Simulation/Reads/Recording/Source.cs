namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>Where an answer says that it came from, in its header <c>Cache-Status</c>.</summary>
internal enum Source : byte
{
    /// <summary>It says nothing: nothing was read through the cache.</summary>
    None,

    /// <summary>The memory of the node.</summary>
    Memory,

    /// <summary>Redis.</summary>
    Redis,

    /// <summary>PostgreSQL, and it was kept.</summary>
    Loaded,

    /// <summary>PostgreSQL; the node may not use its cache.</summary>
    Bypassed,

    /// <summary>Marked stale: no promise is made of it.</summary>
    Stale,
}

internal static class Sources
{
    /// <summary>Reads the header; what is not known is none of the good ones.</summary>
    public static Source Read(string? cacheStatus) =>
        cacheStatus switch
        {
            null => Source.None,
            _ when cacheStatus.Contains("detail=stale", StringComparison.Ordinal) => Source.Stale,
            _ when cacheStatus.Contains("detail=redis", StringComparison.Ordinal) => Source.Redis,
            _ when cacheStatus.Contains("hit", StringComparison.Ordinal) => Source.Memory,
            _ when cacheStatus.Contains("fwd=bypass", StringComparison.Ordinal) => Source.Bypassed,
            _ => Source.Loaded,
        };

    /// <summary>Answered without PostgreSQL, and not marked stale.</summary>
    public static bool IsHit(this Source source) => source is Source.Memory or Source.Redis;
}
