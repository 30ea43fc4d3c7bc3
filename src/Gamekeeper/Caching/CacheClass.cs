namespace Gamekeeper.Caching;

/// <summary>What is promised of a cached value's age.</summary>
public enum CacheClass
{
    /// <summary>Never older than the last acknowledged write, on any node.</summary>
    Fresh,

    /// <summary>Never older than its time to live; for public lists that nobody decides by.</summary>
    Bounded,
}
