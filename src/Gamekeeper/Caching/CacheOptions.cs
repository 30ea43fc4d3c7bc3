namespace Gamekeeper.Caching;

/// <summary>How this process caches. Bound from configuration section <c>Gamekeeper:Cache</c>; read once at start.</summary>
public sealed class CacheOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Cache";

    /// <summary>Whether this process answers from a cache. Default true. Writers keep telling others either way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long a node may answer from its cache without having heard of PostgreSQL, and so the longest a writer waits for a node that
    /// died. Default 1.5 s, 300 ms to 30 s; the same on all nodes.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a writer waits for the other nodes' acknowledgements before it voids everything cached. Default 250 ms, 10 ms to 5 s.</summary>
    public TimeSpan AcknowledgeWithin { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// After this a loader counts as dead and another one takes its place. Default 2 s, 100 ms to 1 min. A loader that is only slow is
    /// doubled, never believed twice.
    /// </summary>
    public TimeSpan LoadWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For keys that may be answered stale: after this a caller gets the last value, marked, while the load goes on. Default 1 s, 10 ms to 1 min.
    /// </summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many bytes of values the process keeps in memory, as estimated from their encoding. Default 64 MiB, 64 KiB to 64 GiB.</summary>
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>
    /// How long a read waits for each answer of Redis before it asks PostgreSQL. Default 100 ms, 5 ms to 10 s. Only reads: what a writer tells the
    /// other nodes has its own time.
    /// </summary>
    public TimeSpan RedisAnswersWithin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After so many answers in a row that came too late, reads leave Redis alone for a while. Default 3, 1 to 1000.</summary>
    public int RedisRestsAfter { get; set; } = 3;

    /// <summary>For how long; then one read tries again. Default 1 s, 10 ms to 5 min.</summary>
    public TimeSpan RedisRest { get; set; } = TimeSpan.FromSeconds(1);

    internal IEnumerable<string> Problems()
    {
        if (Range(nameof(Lease), Lease, 300, 30_000) is { } lease)
            yield return lease;
        if (Range(nameof(AcknowledgeWithin), AcknowledgeWithin, 10, 5_000) is { } acknowledge)
            yield return acknowledge;
        if (Range(nameof(LoadWithin), LoadWithin, 100, 60_000) is { } load)
            yield return load;
        if (Range(nameof(StaleAfter), StaleAfter, 10, 60_000) is { } stale)
            yield return stale;
        if (Range(nameof(RedisAnswersWithin), RedisAnswersWithin, 5, 10_000) is { } within)
            yield return within;
        if (RedisRestsAfter is < 1 or > 1000)
            yield return $"{Section}:RedisRestsAfter is {RedisRestsAfter}; it takes 1 to 1000.";
        if (Range(nameof(RedisRest), RedisRest, 10, 300_000) is { } rest)
            yield return rest;
        if (MaxBytes is < 64L << 10 or > 64L << 30)
            yield return $"{Section}:MaxBytes is {MaxBytes}; it takes 64 KiB to 64 GiB in bytes.";
    }

    private static string? Range(string name, TimeSpan value, int leastMs, int mostMs) =>
        value < TimeSpan.FromMilliseconds(leastMs) || value > TimeSpan.FromMilliseconds(mostMs)
            ? $"{Section}:{name} is {value}; it takes {leastMs} ms to {mostMs / 1000} s."
            : null;
}
