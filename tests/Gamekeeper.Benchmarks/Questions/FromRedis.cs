using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Caching;
using Gamekeeper.Redis;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What reads from Redis must show before it counts: that every one of them came from there.</summary>
internal static class FromRedis
{
    /// <summary>The smallest memory that a node may be given. Whoever goes through more values than fit finds none of them in it.</summary>
    public const long LeastMemory = 64 * 1024;

    /// <summary>Measures, and looks afterwards whether the node found as many values in Redis as were read.</summary>
    /// <exception cref="InvalidOperationException">Some came from memory or from PostgreSQL.</exception>
    public static async Task<T> OnlyAsync<T>(BenchNode node, CacheKey key, Func<Reads, Task<T>> measure)
    {
        var reads = new Reads();
        var before = node.Counts(key);
        var measured = await measure(reads);
        var after = node.Counts(key);
        if (after.SecondLevel - before.SecondLevel != reads.Count)
            throw new InvalidOperationException($"Not all {reads.Count} values came from Redis. Before: {before}; after: {after}.");
        return measured;
    }

    /// <summary>Puts the values where redis-benchmark will look for them.</summary>
    public static async Task StoreAsync(BenchRedis redis, string prefix, IReadOnlyList<byte[]> values, CancellationToken cancellationToken)
    {
        await using var client = await redis.ClientAsync(cancellationToken);
        var commands = values.Select((value, i) => new RedisCommand("SET", RedisBenchmark.Key(prefix, i), value)).ToArray();
        foreach (var reply in await client.SendAllAsync(commands, cancellationToken))
            if (reply.Error is { } refused)
                throw refused;
    }

    /// <summary>How many reads there were.</summary>
    internal sealed class Reads
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }
}
