using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Hybrid;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Tags;
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
    // A reader that joined so many loads which a removed tag made void loads for itself.
    private const int MaxJoins = 3;

    private readonly LocalValues _values;
    private readonly CacheNode _node;
    private readonly CommitFence _fence;
    private readonly Loading _loading;
    private readonly CacheOptions _options;
    private readonly CacheFaults _faults;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TagTokens _tags;

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
        (_values, _node, _fence, _options, _faults, _clock, _logger) = (values, node, fence, options.Value, faults, clock, logger);
        _tags = new TagTokens(this);
        _loading = new Loading(redis.SecondLevel, redis.Patience, _tags, faults, clock, logger);
    }

    /// <summary>True while this node answers from its cache; false while it asks PostgreSQL for everything.</summary>
    public bool IsServing => _options.Enabled && _node.Serves(out _);

    /// <summary>
    /// A value: from the cache, or loaded and kept. What does not exist is not kept, unless its kind says so (<see cref="CacheKey.MissingFor"/>),
    /// so that it is there once it exists. All callers get the same instance. Safe to repeat.
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
        var counts = key.Class == CacheClass.Bounded ? 0 : epoch is null ? -1 : Counts(epoch);
        if ((serves || (key.Class == CacheClass.Bounded && _options.Enabled)) && places.TryGet(id, counts, _clock.GetTimestamp(), out var entry))
            return entry.Stamp is null ? new(Hit(places, entry)) : TaggedAsync(places, entry, key, serves ? epoch : null, counts, state, load, cancellationToken);
        return new(FromBelowAsync(places, key, id, serves ? epoch : null, counts, state, load, cancellationToken));
    }

    /// <summary>Returns once no node serves the value any more. For what PostgreSQL does not tell of by itself.</summary>
    public Task DropAsync<TId, TValue>(CacheKey<TId, TValue> key, TId id)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class => _fence.DropAsync([key.For(id)]);

    private static Task<TValue?> Hit<TId, TValue>(Places<TId, TValue> places, Entry<TId, TValue> entry)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        CountHit(places);
        return entry.Answer;
    }

    private static void CountHit<TId, TValue>(Places<TId, TValue> places)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        places.Counts.FirstLevel();
        CacheReport.Note(CacheSource.FirstLevel);
    }

    private async ValueTask<TValue?> TaggedAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        Entry<TId, TValue> entry,
        CacheKey<TId, TValue> key,
        Epoch? epoch,
        long counts,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class =>
        await _tags.HoldsAsync(entry.Stamp!)
            ? await Hit(places, entry)
            : await FromBelowAsync(places, key, entry.Id, epoch, counts, state, load, cancellationToken);

    // Without an epoch this node may not use its cache just now.
    private Task<TValue?> FromBelowAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        CacheKey<TId, TValue> key,
        TId id,
        Epoch? epoch,
        long counts,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        var loaded = epoch is null
            ? BypassAsync(places, id, state, load, cancellationToken)
            : SharedAsync(places, key, id, epoch, counts, new(key.TimeToLive) { Tags = key.Tags is null ? null : HybridTerms.CheckTags(key.Tags(id)) }, state, load, cancellationToken);
        // Without a last value there is nothing to answer instead, and no need to watch the time.
        return key.StaleFor is { } staleFor && places.TryGetStale(id, Since(staleFor), out _)
            ? OrStaleAsync(places, id, staleFor, loaded, cancellationToken)
            : loaded;
    }

    private async Task<TValue?> SharedAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        CacheKey<TId, TValue> key,
        TId id,
        Epoch epoch,
        long counts,
        LoadTerms terms,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load,
        CancellationToken cancellationToken
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        for (var joins = 1; joins <= MaxJoins; joins++)
        {
            var shared = places.Join(id, counts, out var isMine, terms.Mode);
            if (isMine)
                // Not awaited: the caller may go, others still wait for it.
                _ = _loading.RunAsync(places, key, id, epoch, shared, terms, state, load);
            // What an unusual load brings is good for everybody; an unusual reader wants no other than its own.
            else if (terms.Mode != LoadMode.Usual && terms.Mode != shared.Mode)
                break;
            else
                places.Counts.Joined();
            var value = await shared.Task.WaitAsync(cancellationToken);
            // It may have begun before a tag was removed, and this reader have come after that.
            if (!isMine && shared.Stamp is { } stamp && !await _tags.HoldsAsync(stamp))
                continue;
            CacheReport.Note(shared.Source);
            return value;
        }
        return await BypassAsync(places, id, state, load, cancellationToken);
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
            if (!places.TryGetStale(id, Since(staleFor), out var value))
                return await loaded.WaitAsync(cancellationToken);
            // Whatever comes of it later, nobody waits for it.
            _ = loaded.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            places.Counts.Stale();
            CacheReport.Note(CacheSource.Stale);
            return value;
        }
    }

    private long Since(TimeSpan ago) => _clock.GetTimestamp() - (long)(ago.TotalSeconds * _clock.TimestampFrequency);
}
