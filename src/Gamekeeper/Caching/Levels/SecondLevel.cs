using System.Security.Cryptography;
using Gamekeeper.Caching.Faults;
using Gamekeeper.Redis;

namespace Gamekeeper.Caching.Levels;

/// <summary>
/// Values in Redis: a hash a key. <c>v</c> is the value; while there is none, <c>t</c> is the ticket of the loader that may publish one
/// and <c>l</c> the moment (Redis's clock) from which on it counts as dead. Tickets are random and never come back, and a publication
/// without its ticket is refused: so to drop a value, or to stop a load under way, the key is removed, and it does not matter when
/// Redis itself forgets it.
/// </summary>
internal sealed class SecondLevel(RedisClient redis, CacheOptions options, CacheFaults faults)
{
    private static readonly RedisScript AskScript = new(
        """
        local held = redis.call('hmget', KEYS[1], 'v', 'l')
        if held[1] then return held[1] end
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        if held[2] and tonumber(held[2]) > now then return 0 end
        redis.call('hset', KEYS[1], 't', ARGV[1], 'l', now + ARGV[2])
        redis.call('pexpire', KEYS[1], ARGV[3])
        return 1
        """
    );

    private static readonly RedisScript PublishScript = new(
        """
        if redis.call('hget', KEYS[1], 't') ~= ARGV[1] then return 0 end
        redis.call('del', KEYS[1])
        redis.call('hset', KEYS[1], 'v', ARGV[2])
        redis.call('pexpire', KEYS[1], ARGV[3])
        return 1
        """
    );

    // For the proof that the ticket is needed.
    private static readonly RedisScript PublishWithoutTicketScript = new(
        """
        redis.call('del', KEYS[1])
        redis.call('hset', KEYS[1], 'v', ARGV[2])
        redis.call('pexpire', KEYS[1], ARGV[3])
        return 1
        """
    );

    private static readonly RedisScript ForgetScript = new(
        """
        if redis.call('hget', KEYS[1], 'v') ~= ARGV[1] then return 0 end
        return redis.call('del', KEYS[1])
        """
    );

    private static readonly RedisScript AbandonScript = new(
        """
        if redis.call('hget', KEYS[1], 't') == ARGV[1] then redis.call('del', KEYS[1]) end
        return 0
        """
    );

    /// <summary>False while there is no connection to the server that the epoch names.</summary>
    public bool IsUsable(string? runId) => redis.State is RedisState.Ready && faults.IsSameRun(redis.RunId, runId);

    /// <summary>
    /// The value; null when there is none. It waits no longer than a read does. What goes on with the value decodes it and ends a load, whose
    /// callers go on elsewhere.
    /// </summary>
    public ValueTask<RedisReply> FindAsync(string key) =>
        redis.SendAsync(new RedisCommand("HGET", key, "v") { GoesOnWhereRead = true, Within = options.RedisAnswersWithin });

    /// <summary>The value, or the ticket to load it, or the advice to wait for whoever has that ticket.</summary>
    public async ValueTask<Asked> AskAsync(string key)
    {
        var ticket = RandomNumberGenerator.GetBytes(16);
        // The key outlives a loader that counts as dead, so that its late publication meets a ticket that is not its own.
        var reply = await redis.EvalAsync(
            AskScript,
            [key],
            [ticket, (long)options.LoadWithin.TotalMilliseconds, (long)(options.LoadWithin * 10).TotalMilliseconds]
        );
        return reply.Type == RedisReplyType.Integer ? new Asked(null, reply.Integer == 1 ? ticket : null) : new Asked(reply.Bytes, null);
    }

    /// <summary>Keeps the value, if the ticket still counts; whether it did.</summary>
    public async ValueTask<bool> PublishAsync(string key, byte[] ticket, ReadOnlyMemory<byte> value, TimeSpan timeToLive) =>
        (await redis.EvalAsync(faults.IsWithout(Safeguards.Ticket) ? PublishWithoutTicketScript : PublishScript, [key], [ticket, value, (long)timeToLive.TotalMilliseconds])).Boolean;

    /// <summary>Removes this value, and no other that took its place; whether it was there.</summary>
    public async ValueTask<bool> ForgetAsync(string key, ReadOnlyMemory<byte> value) => (await redis.EvalAsync(ForgetScript, [key], [value])).Boolean;

    /// <summary>Removes whatever is there, tickets too; whether there was something.</summary>
    public async ValueTask<bool> RemoveAsync(string key) => (await redis.SendAsync(new RedisCommand("UNLINK", key))).Boolean;

    /// <summary>There is nothing to publish: nobody need wait.</summary>
    public async ValueTask AbandonAsync(string key, byte[] ticket) => await redis.EvalAsync(AbandonScript, [key], [ticket]);

    /// <summary>What came of asking: a value, a ticket, or neither.</summary>
    internal readonly record struct Asked(byte[]? Value, byte[]? Ticket)
    {
        public bool IsLoading => Value is null && Ticket is null;
    }
}
