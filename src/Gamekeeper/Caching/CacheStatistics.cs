using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Redis;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Caching;

/// <summary>What can be said of the cache of this process, and of Redis behind it.</summary>
public sealed class CacheStatistics
{
    private readonly LocalValues _values;
    private readonly FirstLevel _level;
    private readonly CacheNode _node;
    private readonly CacheRedis _redis;
    private readonly CacheOptions _options;

    internal CacheStatistics(LocalValues values, FirstLevel level, CacheNode node, CacheRedis redis, IOptions<CacheOptions> options) =>
        (_values, _level, _node, _redis, _options) = (values, level, node, redis, options.Value);

    /// <summary>Every kind of value that this process knows, with what became of its reads.</summary>
    public IReadOnlyList<CacheKeyStatistics> Keys() => [.. _values.All.Select(p => new CacheKeyStatistics(p.Key, p.Held, p.Counts.Read()))];

    /// <summary>Where this node stands.</summary>
    public CacheNodeStatistics Node() =>
        new(
            _options.Enabled,
            _options.Enabled && _node.Serves(out _),
            _options.Enabled && _node.IsJoining,
            _node.Known?.Number,
            _node.Others,
            _level.Bytes,
            _level.MaxBytes,
            _redis.IsUsed ? new CacheRedisStatus(_redis.IsInTouch, _redis.Problem, _redis.Patience.IsResting, _redis.Patience.Lates) : null
        );

    /// <summary>What Redis says of itself; null without Redis, or while it does not answer.</summary>
    public async Task<RedisStatistics?> RedisAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _redis.InfoAsync(cancellationToken) is { } info ? RedisStatistics.Parse(info) : null;
        }
        // That it does not answer stands in Node().
        catch (RedisException)
        {
            return null;
        }
    }
}

/// <summary>One kind of value.</summary>
/// <param name="Key">As its module declared it.</param>
/// <param name="Held">Values in the memory of this process.</param>
/// <param name="Counts">What became of its reads.</param>
public sealed record CacheKeyStatistics(CacheKey Key, int Held, CacheCounts Counts);

/// <summary>Where a node stands.</summary>
/// <param name="IsEnabled">As configured.</param>
/// <param name="IsServing">It answers from its cache now.</param>
/// <param name="IsJoining">It does not yet, having joined the others less than a lease ago; this passes by itself.</param>
/// <param name="Epoch">Number of the epoch it knows; null before the first.</param>
/// <param name="Others">Other nodes that answer from caches.</param>
/// <param name="Bytes">Values in memory, as estimated from their encoding.</param>
/// <param name="MaxBytes">The bound.</param>
/// <param name="Redis">Null where none is configured.</param>
public sealed record CacheNodeStatistics(
    bool IsEnabled,
    bool IsServing,
    bool IsJoining,
    long? Epoch,
    int Others,
    long Bytes,
    long MaxBytes,
    CacheRedisStatus? Redis
);

/// <summary>The way to Redis.</summary>
/// <param name="IsReady">Values and messages get through.</param>
/// <param name="Problem">Why not; null while it is, or before the first attempt has ended.</param>
/// <param name="IsResting">Its answers to reads came too late several times in a row, and reads ask PostgreSQL until one that tries finds it well.</param>
/// <param name="Late">Answers to reads that came too late, since the process started.</param>
public sealed record CacheRedisStatus(bool IsReady, string? Problem, bool IsResting, long Late);
