using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Caching.Tags;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// Carries out a load that callers share: looks into Redis, else takes a ticket and asks PostgreSQL, keeps what came and publishes it. While
/// another node has the ticket, it waits for what that one publishes. Without Redis, or when Redis fails in between, it asks PostgreSQL.
/// </summary>
internal sealed partial class Loading(SecondLevel? redis, Patience patience, TagTokens tags, CacheFaults faults, TimeProvider clock, ILogger logger)
{
    // A value whose tags were removed makes way, and another one takes its place; not for ever.
    private const int MaxLooks = 3;

    private readonly Looking _looking = new(patience, clock, logger);

    public async Task RunAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        CacheKey<TId, TValue> key,
        TId id,
        Epoch epoch,
        Load<TValue> shared,
        LoadTerms terms,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        try
        {
            var usable = redis is not null && redis.IsUsable(epoch.RedisRunId) ? redis : null;
            var name = usable is null ? "" : key.For(id, faults.Suffix(epoch));
            var (found, ticket) = usable is null ? default : await LookAsync(usable, name, key, terms.Mode);
            var value = found.Value?.Value;
            if (found.Value is { } there)
            {
                places.Counts.SecondLevel();
                shared.Source = CacheSource.SecondLevel;
                shared.Stamp = there.Stamp;
                Keep(found.Bytes, there.EndsAt - clock.GetUtcNow());
            }
            else
            {
                var now = clock.GetUtcNow();
                shared.Stamp = terms.Tags is { Count: > 0 } named ? await tags.TakeAsync(named) : null;
                value = await load(state, id, CancellationToken.None);
                await faults.BeforePublicationAsync(clock);
                places.Counts.Loaded();
                shared.Source = CacheSource.Loaded;
                var keptFor = value is null ? key.MissingFor : terms.TimeToLive;
                var bytes = keptFor is null ? null : SecondLevelValue.Write(key.Codec, value, now + keptFor.Value, shared.Stamp);
                if (bytes?.Length > terms.MaxBytes)
                    bytes = null;
                var publishing = ticket is null ? Task.FromResult(false) : _looking.PublishAsync(usable!, name, ticket, bytes, keptFor);
                if (bytes is not null && (redis is null || !key.IsKeptWhenPublished || await publishing))
                    Keep(bytes.Length, keptFor!.Value);
            }
            places.Leave(id, shared);
            shared.Finish(value);

            void Keep(int bytes, TimeSpan left)
            {
                if (terms.Mode.HasFlag(LoadMode.NotInMemory))
                    return;
                var kept = clock.GetTimestamp();
                var end = kept + (long)((terms.LocalFor < left ? terms.LocalFor.Value : left).TotalSeconds * clock.TimestampFrequency);
                places.Keep(id, shared, value, kept, end, bytes + (shared.Stamp?.Bytes ?? 0), faults.IsWithout(Safeguards.Ticket));
            }
        }
        // It belongs to those who wait for the load.
        catch (Exception failure)
        {
            places.Leave(id, shared);
            shared.Fail(failure);
        }
    }

    /// <summary>The value as Redis holds it, if it holds one that counts; nothing is loaded, and nothing kept.</summary>
    public async Task<TValue?> PeekAsync<TId, TValue>(CacheKey<TId, TValue> key, TId id, Epoch epoch)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class =>
        redis is not null && redis.IsUsable(epoch.RedisRunId)
            ? (await LookAsync(redis, key.For(id, faults.Suffix(epoch)), key, LoadMode.NotToRedis)).Found.Value?.Value
            : null;

    private async Task<(Found<TValue> Found, byte[]? Ticket)> LookAsync<TId, TValue>(SecondLevel usable, string name, CacheKey<TId, TValue> key, LoadMode mode)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        for (var look = 1; ; look++)
        {
            var looked = await _looking.LookAsync(usable, name, mode);
            if (looked.Value is null || Decode(key, looked.Value) is not { } value || value.EndsAt <= clock.GetUtcNow())
                return (default, looked.Ticket);
            if (value.Stamp is null || await tags.HoldsAsync(value.Stamp))
                return (new(value, looked.Value.Length), null);
            if (look == MaxLooks || mode.HasFlag(LoadMode.NotToRedis))
                return default;
            await _looking.ForgetAsync(usable, name, looked.Value);
        }
    }

    private SecondLevelValue<TValue>? Decode<TId, TValue>(CacheKey<TId, TValue> key, byte[] bytes)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        try
        {
            return SecondLevelValue.Read(key.Codec, bytes);
        }
        // Somebody else wrote into our keys; PostgreSQL knows better.
        catch (Exception failure) when (failure is FormatException or ArgumentException)
        {
            LogUnreadable(logger, key.Pattern, failure.Message);
            return null;
        }
    }

    [LoggerMessage(1031, LogLevel.Warning, "A cached value of {Key} cannot be read and is loaded instead: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string key, string reason);

    private readonly record struct Found<TValue>(SecondLevelValue<TValue>? Value, int Bytes)
        where TValue : class;
}
