using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Levels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Caching;

/// <summary>
/// Reads through the memory of the process, then Redis, then PostgreSQL. A value of a fresh key is never older than the last write that
/// was acknowledged before the read began, on any node, whatever happens to Redis; see docs/concepts/caching.md. One per process;
/// thread-safe.
/// </summary>
public sealed partial class GameCache
{
    private readonly LocalValues _values;
    private readonly CacheNode _node;
    private readonly CommitFence _fence;
    private readonly Loading _loading;
    private readonly CacheOptions _options;
    private readonly CacheFaults _faults;
    private readonly TimeProvider _clock;

    internal GameCache(
        LocalValues values,
        CacheNode node,
        CommitFence fence,
        CacheRedis redis,
        IOptions<CacheOptions> options,
        CacheFaults faults,
        TimeProvider clock,
        ILogger<GameCache> logger
    )
    {
        (_values, _node, _fence, _options, _faults, _clock) = (values, node, fence, options.Value, faults, clock);
        _loading = new Loading(redis.SecondLevel, faults, clock, logger);
    }

    /// <summary>True while this node answers from its cache; false while it asks PostgreSQL for everything.</summary>
    public bool IsServing => _options.Enabled && _node.Serves(out _);

    /// <summary>
    /// A value: from the cache, or loaded and kept. What does not exist is not kept, so that it is there once it exists. All callers get the
    /// same instance. Safe to repeat.
    /// </summary>
    /// <param name="key">The kind of value.</param>
    /// <param name="id">Which one.</param>
    /// <param name="state">Handed to <paramref name="load"/>, so that it need not be a closure.</param>
    /// <param name="load">
    /// Reads it from the primary, the whole of it, as nobody in particular: rows that row security picks for one caller never enter a value
    /// that others get. Answers null when there is none.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait; a load goes on for the others.</param>
    public ValueTask<TValue?> GetAsync<TId, TValue, TState>(
        CacheKey<TId, TValue> key,
        TId id,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken = default
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        var places = _values.Of(key);
        var serves = _node.Serves(out var epoch) && _options.Enabled;
        // What is bounded by time alone counts under any epoch, and without a lease.
        var counts = key.Class == CacheClass.Bounded || _faults.IsWithout(Safeguards.Epoch) ? 0 : epoch?.Number ?? -1;
        if ((serves || (key.Class == CacheClass.Bounded && _options.Enabled)) && places.TryGet(id, counts, _clock.GetTimestamp(), out var held))
        {
            places.Counts.FirstLevel();
            CacheReport.Note(CacheSource.FirstLevel);
            return new(held);
        }
        var loaded = serves
            ? SharedAsync(places, key, id, epoch!, counts, state, load, cancellationToken)
            : BypassAsync(places, id, state, load, cancellationToken);
        return new(key.StaleFor is { } staleFor ? OrStaleAsync(places, id, staleFor, loaded, cancellationToken) : loaded);
    }

    /// <summary>Returns once no node serves the value any more. For what PostgreSQL does not tell of by itself.</summary>
    public Task DropAsync<TId, TValue>(CacheKey<TId, TValue> key, TId id)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => _fence.DropAsync([key.For(id)]);

    private async Task<TValue?> SharedAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        CacheKey<TId, TValue> key,
        TId id,
        Epoch epoch,
        long counts,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        var shared = places.Join(id, counts, out var isMine);
        if (isMine)
        {
            // Not awaited: the caller may go, others still wait for it.
            _ = _loading.RunAsync(places, key, id, epoch, shared, state, load);
            var mine = await shared.Task.WaitAsync(cancellationToken);
            CacheReport.Note(shared.Source);
            return mine;
        }
        places.Counts.Joined();
        var joined = await shared.Task.WaitAsync(cancellationToken);
        CacheReport.Note(shared.Source);
        return joined;
    }

    private static async Task<TValue?> BypassAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        TId id,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        var value = await load(state, id, cancellationToken);
        places.Counts.Bypassed();
        CacheReport.Note(CacheSource.Bypassed);
        return value;
    }

    private async Task<TValue?> OrStaleAsync<TId, TValue>(
        Places<TId, TValue> places,
        TId id,
        TimeSpan staleFor,
        Task<TValue?> loaded,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        try
        {
            return await loaded.WaitAsync(_options.StaleAfter, _clock, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or GamekeeperException or Npgsql.NpgsqlException)
        {
            var since = _clock.GetTimestamp() - (long)(staleFor.TotalSeconds * _clock.TimestampFrequency);
            if (!places.TryGetStale(id, since, out var value))
                return await loaded.WaitAsync(cancellationToken);
            // Whatever comes of it later, nobody waits for it.
            _ = loaded.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            places.Counts.Stale();
            CacheReport.Note(CacheSource.Stale);
            return value;
        }
    }
}
