using Gamekeeper.Redis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// Looks for values in Redis, waits for those that another node is loading, and keeps new ones there. Whatever Redis does not do is logged
/// and left out: then PostgreSQL is asked, and nothing is published.
/// </summary>
internal sealed partial class Looking(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    /// <summary>The value, or the ticket to load it; neither when it is to be loaded without being published.</summary>
    public async Task<SecondLevel.Asked> LookAsync(SecondLevel redis, string name, LoadMode mode)
    {
        try
        {
            var (reads, writes) = ((mode & LoadMode.NotFromRedis) == 0, (mode & LoadMode.NotToRedis) == 0);
            if (reads && await redis.FindAsync(name) is { } found)
                return new(found, null);
            if (!writes)
                return default;
            if (!reads)
            {
                // What is there makes way for what this one loads; whoever comes first in between keeps the place.
                await redis.RemoveAsync(name);
                return new(null, (await redis.AskAsync(name)).Ticket);
            }
            for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause < LongestPause ? pause * 2 : LongestPause)
            {
                var asked = await redis.AskAsync(name);
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

    /// <summary>Makes room for another one, if this value is still there.</summary>
    public async Task ForgetAsync(SecondLevel redis, string name, byte[] value)
    {
        try
        {
            await redis.ForgetAsync(name, value);
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
        }
    }

    /// <summary>True when it is there for all nodes now. Without a value, nobody need wait for one any more.</summary>
    public async Task<bool> PublishAsync(SecondLevel redis, string name, byte[] ticket, byte[]? value, TimeSpan timeToLive)
    {
        try
        {
            if (value is not null)
                return await redis.PublishAsync(name, ticket, value, timeToLive);
            await redis.AbandonAsync(name, ticket);
        }
        catch (RedisException failure)
        {
            LogWithoutRedis(logger, failure.Message);
        }
        return false;
    }

    [LoggerMessage(1030, LogLevel.Debug, "Redis did not answer the cache, PostgreSQL is asked: {Reason}")]
    private static partial void LogWithoutRedis(ILogger logger, string reason);
}
