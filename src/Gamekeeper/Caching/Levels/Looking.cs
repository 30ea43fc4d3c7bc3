using Gamekeeper.Redis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// Looks for values in Redis, waits for those that another node is loading, and keeps new ones there. Whatever Redis does not do, or not in
/// time, is logged and left out: then PostgreSQL is asked, and nothing is published.
/// </summary>
internal sealed partial class Looking(Patience patience, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    /// <summary>The value, or the ticket to load it; neither when it is to be loaded without being published.</summary>
    public async Task<SecondLevel.Asked> LookAsync(SecondLevel redis, string name, LoadMode mode)
    {
        if (!patience.MayAsk())
            return default;
        try
        {
            var (reads, writes) = (!mode.HasFlag(LoadMode.NotFromRedis), !mode.HasFlag(LoadMode.NotToRedis));
            if (reads && (await patience.HeardAsync(redis.FindAsync(name))).Bytes is { } found)
                return new(found, null);
            if (!writes)
                return default;
            if (!reads)
            {
                // What is there makes way for what this one loads; whoever comes first in between keeps the place.
                await patience.WaitAsync(redis.RemoveAsync(name).AsTask());
                return new(null, (await AskAsync(redis, name)).Ticket);
            }
            var asked = await AskAsync(redis, name);
            // Whoever waits for another one's load has time for Redis, too: to give it up now would be one load more, just when there is much to do.
            for (var pause = TimeSpan.FromMilliseconds(1); asked.IsLoading; pause = pause < LongestPause ? pause * 2 : LongestPause)
            {
                await Task.Delay(pause, clock);
                asked = await patience.HeardAsync(redis.AskAsync(name));
            }
            return asked;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            LogWithoutRedis(logger, failure.Message);
            return default;
        }
    }

    /// <summary>Makes room for another one, if this value is still there.</summary>
    public async Task ForgetAsync(SecondLevel redis, string name, byte[] value)
    {
        try
        {
            await patience.WaitAsync(redis.ForgetAsync(name, value).AsTask());
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            LogWithoutRedis(logger, failure.Message);
        }
    }

    /// <summary>True when it is there for all nodes now. Without a value, nobody need wait for one any more.</summary>
    public async Task<bool> PublishAsync(SecondLevel redis, string name, byte[] ticket, byte[]? value, TimeSpan? timeToLive)
    {
        try
        {
            if (value is not null && timeToLive is { } life)
                return await redis.PublishAsync(name, ticket, value, life);
            await redis.AbandonAsync(name, ticket);
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
        }
        return false;
    }

    private async Task<SecondLevel.Asked> AskAsync(SecondLevel redis, string name)
    {
        var asking = redis.AskAsync(name).AsTask();
        try
        {
            return await patience.WaitAsync(asking);
        }
        catch (TimeoutException)
        {
            _ = GiveBackAsync(redis, name, asking);
            throw;
        }
    }

    // The load goes on without it: it may read before the ticket comes, and a ticket is good only for what is read after it. Others would
    // wait for its holder.
    private async Task GiveBackAsync(SecondLevel redis, string name, Task<SecondLevel.Asked> asking)
    {
        try
        {
            if ((await asking).Ticket is { } ticket)
                await redis.AbandonAsync(name, ticket);
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
        }
    }

    [LoggerMessage(1030, LogLevel.Debug, "Redis did not answer the cache, PostgreSQL is asked: {Reason}")]
    private static partial void LogWithoutRedis(ILogger logger, string reason);
}
