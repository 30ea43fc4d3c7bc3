using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Hybrid;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching;

/// <summary>
/// The same cache under free keys, for code that knows the ecosystem's <see cref="HybridCache"/>. The promises are those of a fresh key: one
/// load a node and one in the cluster, and once a removal has returned, no node answers with what was there before. What makes a value old
/// is the caller's to say, by <see cref="RemoveAsync(string, CancellationToken)"/> or a tag: after its commit, not before.
/// </summary>
public sealed partial class GameCache : HybridCache
{
    // Keys of one message between nodes.
    private const int MaxKeysAtOnce = 1000;

    /// <summary>
    /// A value: from the cache, or made and kept. Null is not kept. Safe to repeat.
    /// </summary>
    /// <param name="key">1 to 1024 characters, none of them a control character. In Redis it is <c>core:hybrid:{key}</c>.</param>
    /// <param name="state">Handed to <paramref name="factory"/>.</param>
    /// <param name="factory">
    /// Makes it, from what is committed and as nobody in particular: what only the caller's transaction or row security sees must not enter a
    /// value that others get. Its token is never cancelled: others may wait for the value when this caller has gone.
    /// </param>
    /// <param name="options">
    /// <see cref="HybridCacheEntryOptions.Expiration"/>: default 5 min; more than 24 h counts as 24 h.
    /// <see cref="HybridCacheEntryOptions.LocalCacheExpiration"/>: default the same, and never longer. Flags as they say; nothing is compressed.
    /// </param>
    /// <param name="tags">Up to 16, each of 1 to 128 characters; every value has the tag <c>*</c> besides.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>
    /// An instance of the caller's own; types without references, and sealed ones that are marked immutable, are shared. JSON, but for strings and
    /// byte arrays. More than 1 MiB is answered and not kept.
    /// </returns>
    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default
    )
    {
        HybridTerms.CheckKey(key);
        var flags = options?.Flags ?? HybridCacheEntryFlags.None;
        var places = _values.Of(HybridValue.Key);
        if (!_options.Enabled || !_node.Serves(out var epoch))
        {
            if (flags.HasFlag(HybridCacheEntryFlags.DisableUnderlyingData))
                return default!;
            var made = await factory(state, cancellationToken);
            places.Counts.Bypassed();
            CacheReport.Note(CacheSource.Bypassed);
            return made;
        }
        if (
            !flags.HasFlag(HybridCacheEntryFlags.DisableLocalCacheRead)
            && places.TryGet(key, Counts(epoch), _clock.GetTimestamp(), out var entry)
            && (entry.Stamp is null || await _tags.HoldsAsync(entry.Stamp))
            && entry.Answer.Result is { } value
            && value.TryRead<T>(out var held)
        )
        {
            CountHit(places);
            return held;
        }
        if (flags.HasFlag(HybridCacheEntryFlags.DisableUnderlyingData))
            return await PeekAsync<T>(key, epoch, flags);
        var terms = HybridTerms.Of(options, tags);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var shared = await SharedAsync(places, HybridValue.Key, key, epoch, Counts(epoch), terms, (state, factory), MakeAsync, cancellationToken);
            if (shared is null)
                return default!;
            if (shared.TryRead<T>(out var read))
                return read;
            // Two parts of a program mean two things by one key; the last one has it.
            LogOtherType(_logger, typeof(T).Name);
            await RemoveAsync(key, cancellationToken);
        }
        return await factory(state, cancellationToken);

        static async Task<HybridValue?> MakeAsync((TState State, Func<TState, CancellationToken, ValueTask<T>> Factory) from, string _, CancellationToken ct) =>
            HybridValue.Of(await from.Factory(from.State, ct));
    }

    /// <summary>
    /// Drops what is there, on every node, and keeps this instead; null only drops. The caller vouches for the value: one that was read before
    /// another's removal, and is set after it, is kept. <see cref="GetOrCreateAsync{TState,T}(string,TState,Func{TState,CancellationToken,ValueTask{T}},HybridCacheEntryOptions,IEnumerable{string},CancellationToken)"/> does not have that race.
    /// </summary>
    /// <inheritdoc cref="GetOrCreateAsync{TState,T}(string,TState,Func{TState,CancellationToken,ValueTask{T}},HybridCacheEntryOptions,IEnumerable{string},CancellationToken)" path="/param" />
    /// <param name="value">What to keep.</param>
    public override async ValueTask SetAsync<T>(
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default
    )
    {
        var terms = HybridTerms.Of(options, tags);
        var stored = HybridValue.Of(value);
        await RemoveAsync(key, cancellationToken);
        if (stored is null || !_options.Enabled || !_node.Serves(out var epoch))
            return;
        // In the place of whatever somebody else may be loading.
        terms = terms with { Mode = terms.Mode | LoadMode.NotFromRedis };
        await SharedAsync(_values.Of(HybridValue.Key), HybridValue.Key, key, epoch, Counts(epoch), terms, stored, static (set, _, _) => Task.FromResult<HybridValue?>(set), cancellationToken);
    }

    /// <summary>Returns once no node answers with what was there; what is being loaded right now is not kept. Safe to repeat.</summary>
    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        await DropAsync([HybridValue.Key.For(HybridTerms.CheckKey(key))], cancellationToken);

    /// <summary>The same for many; nodes are told of a thousand at once.</summary>
    public override async ValueTask RemoveAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default) =>
        await DropAsync([.. (keys ?? []).Select(k => HybridValue.Key.For(HybridTerms.CheckKey(k)))], cancellationToken);

    /// <summary>
    /// Returns once no node answers with a value that has this tag, under a free key or a declared one (<see cref="CacheKey{TId,TValue}.Tags"/>);
    /// what is being loaded right now is not kept. <c>*</c> is everything under free keys. It costs the same however many values there are.
    /// Safe to repeat.
    /// </summary>
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        await DropAsync([TagToken.Key.For(HybridTerms.CheckTag(tag))], cancellationToken);

    /// <summary>The same for several.</summary>
    public override async ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default) =>
        await DropAsync([.. (tags ?? []).Select(t => TagToken.Key.For(HybridTerms.CheckTag(t)))], cancellationToken);

    private async Task DropAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        foreach (var some in keys.Chunk(MaxKeysAtOnce))
            await _fence.DropAsync(some).WaitAsync(cancellationToken);
    }

    private async ValueTask<T> PeekAsync<T>(string key, Epoch epoch, HybridCacheEntryFlags flags)
    {
        if (flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheRead) || await _loading.PeekAsync(HybridValue.Key, key, epoch) is not { } value || !value.TryRead<T>(out var found))
            return default!;
        _values.Of(HybridValue.Key).Counts.SecondLevel();
        CacheReport.Note(CacheSource.SecondLevel);
        return found;
    }

    private long Counts(Epoch epoch) => _faults.IsWithout(Faults.Safeguards.Epoch) ? 0 : epoch.Number;

    [LoggerMessage(1032, LogLevel.Warning, "A value under a free key is no {Type} and is dropped; two callers use one key for two things")]
    private static partial void LogOtherType(ILogger logger, string type);
}
