using Gamekeeper.Batching;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Redis;

namespace Gamekeeper.Caching.Queues;

/// <summary>
/// Rows that wait in Redis to be written: a hash a kind, one field a key, so that a later row takes the place of an earlier one. They outlive
/// every process of ours, and no loss of Redis's memory: which is what was declared of them.
/// </summary>
internal sealed class RedisQueue(RedisClient? redis, CacheNode node) : IWriteBehindQueue
{
    private static readonly RedisScript AddScript = new(
        """
        local taken = 0
        local count = redis.call('hlen', KEYS[1])
        for i = 2, #ARGV, 2 do
          if count >= tonumber(ARGV[1]) and redis.call('hexists', KEYS[1], ARGV[i]) == 0 then return taken end
          count = count + redis.call('hset', KEYS[1], ARGV[i], ARGV[i + 1])
          taken = taken + 1
        end
        return taken
        """
    );

    private static readonly RedisScript RemoveScript = new(
        """
        for i = 1, #ARGV, 2 do
          if redis.call('hget', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('hdel', KEYS[1], ARGV[i]) end
        end
        return 0
        """
    );

    private static readonly RedisScript EndScript = new(
        """
        if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
        return 0
        """
    );

    // Whose database it is, is known once the cache has asked; and it is the cache that connects, and looks at the server first.
    public bool IsUsable => redis is { State: RedisState.Ready } && node.Known is not null;

    public async Task<int> AddAsync(string name, IReadOnlyList<QueuedRow> rows, int most) =>
        (int)(await EvalAsync(AddScript, Key(name), [most, .. Pairs(rows)])).Integer;

    public async Task<bool> TryBeginAsync(string name, Guid writer, TimeSpan most) =>
        !(await SendAsync(new RedisCommand("SET", $"{Key(name)}:writer", writer.ToByteArray(), "NX", "PX", (long)most.TotalMilliseconds))).IsNull;

    public async Task EndAsync(string name, Guid writer) => await EvalAsync(EndScript, $"{Key(name)}:writer", [writer.ToByteArray()]);

    public async Task<IReadOnlyList<QueuedRow>> PeekAsync(string name, int most)
    {
        var reply = await SendAsync(new RedisCommand("HRANDFIELD", Key(name), most, "WITHVALUES"));
        var rows = new List<QueuedRow>(reply.Items.Length);
        foreach (var pair in reply.Items)
            rows.Add(new(pair.Items[0].Text!, pair.Items[1].Bytes!));
        return rows;
    }

    public async Task RemoveAsync(string name, IReadOnlyList<QueuedRow> rows) => await EvalAsync(RemoveScript, Key(name), [.. Pairs(rows)]);

    private string Key(string name) => $"gk:{node.Known!.Cluster}:behind:{{{name}}}";

    private static IEnumerable<RedisArgument> Pairs(IReadOnlyList<QueuedRow> rows) => rows.SelectMany(r => new RedisArgument[] { r.Key, r.Json });

    private Task<RedisReply> SendAsync(RedisCommand command) => AsIoAsync(redis!.SendAsync(command));

    private Task<RedisReply> EvalAsync(RedisScript script, string key, RedisArgument[] arguments) => AsIoAsync(redis!.EvalAsync(script, [key], arguments));

    private static async Task<RedisReply> AsIoAsync(ValueTask<RedisReply> answer)
    {
        try
        {
            return await answer;
        }
        catch (RedisException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
