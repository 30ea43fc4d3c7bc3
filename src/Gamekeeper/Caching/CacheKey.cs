namespace Gamekeeper.Caching;

/// <summary>One kind of cached value: under which key it is kept, how long, and what is promised of it. Declared once, by its module.</summary>
public abstract class CacheKey
{
    private static readonly TimeSpan LongestMissing = TimeSpan.FromSeconds(30);
    private static int s_count;

    private protected CacheKey(string pattern)
    {
        var brace = pattern.IndexOf('{', StringComparison.Ordinal);
        if (brace < 2 || !pattern.EndsWith('}') || pattern.AsSpan(0, brace).ContainsAnyExcept(Allowed))
            throw new ArgumentException($"'{pattern}' is no pattern of keys: it takes lower case words and colons, then what the id is, such as sg:deck:{{deckId}}.", nameof(pattern));
        (Pattern, Prefix) = (pattern, pattern[..brace]);
        Index = Interlocked.Increment(ref s_count) - 1;
    }

    private static readonly System.Buffers.SearchValues<char> Allowed = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789:-");

    /// <summary>The documented form, such as <c>sg:user:profile:{userId}</c>; what stands in braces is the id.</summary>
    public string Pattern { get; }

    /// <summary>How long a value is kept at most, in process and in Redis.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>Fresh (default) or bounded.</summary>
    public CacheClass Class { get; init; } = CacheClass.Fresh;

    /// <summary>
    /// How long a value that was not known to be old may still be answered, marked stale, while PostgreSQL is out of reach. Null (default):
    /// then there is no answer.
    /// </summary>
    public TimeSpan? StaleFor { get; init; }

    /// <summary>
    /// How long it is kept that there is no such value, 1 ms to 30 s; null (default): not at all. Only for kinds whose rows' insert drops the
    /// key, too: what does not exist is then seen as soon as it does, as any other change is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is longer, or nothing.</exception>
    public TimeSpan? MissingFor
    {
        get;
        init =>
            field = value is null || (value >= TimeSpan.FromMilliseconds(1) && value <= LongestMissing)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"{Pattern} keeps for {value} that there is none; it takes 1 ms to {LongestMissing.TotalSeconds:0} s.");
    }

    /// <summary>The tables whose writes drop it; each has a trigger that says so in its schema's <c>invalidations</c>. Empty: only time does.</summary>
    public IReadOnlyList<string> DroppedBy { get; init; } = [];

    /// <summary>
    /// True when no table's writes drop it, but whoever changes what it is made of calls <see cref="GameCache.DropAsync"/>. False (default): the
    /// triggers of <see cref="DroppedBy"/> do.
    /// </summary>
    public bool IsDroppedByCallers { get; init; }

    /// <summary>Short, medium or long, by the time to live: up to 15 min, up to 1 h, up to 24 h.</summary>
    public string TimeClass =>
        TimeToLive <= TimeSpan.FromMinutes(15) ? "short"
        : TimeToLive <= TimeSpan.FromHours(1) ? "medium"
        : "long";

    internal string Prefix { get; }

    // With Redis, a value that could not be published is not kept in memory either.
    internal bool IsKeptWhenPublished { get; init; }

    // Places of one kind stand under one number in every cache of the process, so that finding them costs an array access.
    internal int Index { get; }

    internal abstract Levels.IPlaces CreatePlaces(Levels.FirstLevel level);
}

/// <summary>The same, typed.</summary>
/// <typeparam name="TId">Guid or string: something with a text form.</typeparam>
/// <typeparam name="TValue">Immutable: one instance is handed to every caller.</typeparam>
public sealed class CacheKey<TId, TValue>(string pattern, Values.CacheCodec<TValue> codec) : CacheKey(pattern)
    where TId : ISpanParsable<TId>, IEquatable<TId>
    where TValue : class
{
    internal Values.CacheCodec<TValue> Codec { get; } = codec;

    /// <summary>
    /// The tags of a value, by its id; null (default) for none. <see cref="GameCache.RemoveByTagAsync(string, CancellationToken)"/> makes all
    /// values of a tag void at once. At most 16 a value, each of 1 to 128 characters. Values with tags are never answered stale.
    /// </summary>
    public Func<TId, IReadOnlyList<string>>? Tags { get; init; }

    /// <summary>
    /// The key of one value, without the epoch that Redis keys end in. The braces are Redis Cluster's hash tag: what belongs to one id lies
    /// on one node.
    /// </summary>
    public string For(TId id) => $"{Prefix}{{{id}}}";

    /// <summary>The same with the epoch.</summary>
    internal string For(TId id, string epoch) => $"{Prefix}{{{id}}}@{epoch}";

    internal override Levels.IPlaces CreatePlaces(Levels.FirstLevel level) => new Levels.Places<TId, TValue>(this, level);
}
