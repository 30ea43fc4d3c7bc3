namespace Gamekeeper.Caching;

/// <summary>Where an answer came from, the best first.</summary>
public enum CacheSource
{
    /// <summary>The memory of this process.</summary>
    FirstLevel,

    /// <summary>Redis.</summary>
    SecondLevel,

    /// <summary>PostgreSQL, and it was kept for the next.</summary>
    Loaded,

    /// <summary>PostgreSQL; this node may not use its cache just now.</summary>
    Bypassed,

    /// <summary>The last value that nobody is known to have made old; PostgreSQL is out of reach.</summary>
    Stale,
}
