using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Redis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// Carries out a load that callers share: looks into Redis, else takes a ticket and asks PostgreSQL, keeps what came and publishes it. While
/// another node has the ticket, it waits for what that one publishes. Without Redis, or when Redis fails in between, it asks PostgreSQL.
/// </summary>
internal sealed partial class Loading(SecondLevel? redis, CacheFaults faults, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(25);

    public async Task RunAsync<TId, TValue, TState>(
        Places<TId, TValue> places,
        CacheKey<TId, TValue> key,
        TId id,
        Epoch epoch,
        Load<TValue> shared,
        TState state,
        Func<TState, TId, CancellationToken, Task<TValue?>> load
    )
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        try
        {
            var usable = redis is not null && redis.IsUsable(epoch.RedisRunId) ? redis : null;
            var name = usable is null ? "" : $"{key.For(id)}@{faults.Suffix(epoch)}";
            var looked = usable is null ? default : await LookAsync(usable, name);
            var now = clock.GetUtcNow();
            var value = Decode(key, looked.Value, out var endsAt);
            if (value is not null && endsAt > now)
            {
                places.Counts.SecondLevel();
                shared.Source = CacheSource.SecondLevel;
                Keep(looked.Value!.Length, endsAt - now);
            }
            else
            {
                value = await load(state, id, CancellationToken.None);
                await faults.BeforePublicationAsync(clock);
                places.Counts.Loaded();
                shared.Source = CacheSource.Loaded;
                var bytes = value is null ? null : SecondLevelValue.Write(key.Codec, value, now + key.TimeToLive);
                if (value is not null)
                    Keep(bytes!.Length, key.TimeToLive);
                if (looked.Ticket is { } ticket)
                    _ = PublishAsync(usable!, name, ticket, bytes, key.TimeToLive);
            }
            places.Leave(id, shared);
            shared.Finish(value);

            void Keep(int bytes, TimeSpan left)
            {
                var kept = clock.GetTimestamp();
                places.Keep(id, shared, value!, kept, kept + (long)(left.TotalSeconds * clock.TimestampFrequency), bytes, faults.IsWithout(Safeguards.Ticket));
            }
        }
        // It belongs to those who wait for the load.
        catch (Exception failure)
        {
            places.Leave(id, shared);
            shared.Fail(failure);
        }
    }

    private async Task<SecondLevel.Asked> LookAsync(SecondLevel usable, string name)
    {
        try
        {
            if (await usable.FindAsync(name) is { } found)
                return new(found, null);
            for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause < LongestLook ? pause * 2 : LongestLook)
            {
                var asked = await usable.AskAsync(name);
                if (!asked.IsLoading)
                    return asked;
                await Task.Delay(pause, clock);
            }
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
            return default;
        }
    }

    private TValue? Decode<TId, TValue>(CacheKey<TId, TValue> key, byte[]? bytes, out DateTimeOffset endsAt)
        where TId : ISpanParsable<TId>, IEquatable<TId>
        where TValue : class
    {
        endsAt = default;
        if (bytes is null)
            return null;
        try
        {
            return SecondLevelValue.Read(key.Codec, bytes, out endsAt);
        }
        // Somebody else wrote into our keys; PostgreSQL knows better.
        catch (Exception failure) when (failure is FormatException or ArgumentException)
        {
            LogUnreadable(logger, key.Pattern, failure.Message);
            return null;
        }
    }

    private async Task PublishAsync(SecondLevel usable, string name, byte[] ticket, byte[]? value, TimeSpan timeToLive)
    {
        try
        {
            if (value is null)
                await usable.AbandonAsync(name, ticket);
            else
                await usable.PublishAsync(name, ticket, value, timeToLive);
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
        }
    }

    [LoggerMessage(1030, LogLevel.Debug, "Redis did not answer the cache, PostgreSQL is asked: {Reason}")]
    private static partial void LogWithoutRedis(ILogger logger, string reason);

    [LoggerMessage(1031, LogLevel.Warning, "A cached value of {Key} cannot be read and is loaded instead: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string key, string reason);
}
