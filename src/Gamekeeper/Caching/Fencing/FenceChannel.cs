using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Redis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Caching.Fencing;

/// <summary>
/// How nodes tell each other through Redis. Nothing hangs on a message: one that is lost is missed by its writer, who then voids
/// everything through PostgreSQL.
/// </summary>
internal sealed partial class FenceChannel(RedisClient redis, LocalValues values, NodeId self, CacheFaults faults, ILogger<FenceChannel> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, AwaitedAnswers> _awaited = new();
    private long _number;
    private long _adopted;
    private string? _cluster;
    private RedisSubscription? _messages;
    private RedisSubscription? _answers;

    /// <summary>The number of the epoch in which this node's next loads publish; told with every answer.</summary>
    public long Adopted
    {
        get => Volatile.Read(ref _adopted);
        set => Volatile.Write(ref _adopted, value);
    }

    /// <summary>True while messages reach this node.</summary>
    public bool IsHeard => _messages is { IsEstablished: true } && _answers is { IsEstablished: true };

    /// <summary>Begins to listen, over losses and restarts; a second call does nothing.</summary>
    public void Listen(string cluster)
    {
        _cluster = cluster;
        _answers ??= redis.Subscribe(AnswersTo(self.Value), TakeAnswer);
        _messages ??= redis.Subscribe(Messages, TakeMessage);
    }

    /// <summary>
    /// Removes the values from Redis and has all other nodes drop theirs. False when that cannot be said of all of them: somebody did not
    /// answer in time, or Redis did not.
    /// </summary>
    public async Task<FenceResult> TellAsync(IReadOnlyCollection<string> keys, Membership members, TimeSpan within)
    {
        var number = Interlocked.Increment(ref _number);
        var awaited = new AwaitedAnswers(members.Others, members.Epoch.Number);
        _awaited[number] = awaited;
        try
        {
            var commands = new List<RedisCommand>(keys.Count + 1);
            foreach (var key in keys)
                commands.Add(new RedisCommand("UNLINK", $"{key}@{faults.Suffix(members.Epoch)}"));
            // Behind the removals: who drops its own value because of it must not find the old one in Redis.
            if (members.Others.Count > 0)
                commands.Add(new RedisCommand("PUBLISH", Messages, new FenceMessage(self.Value, number, keys).ToBytes()));
            foreach (var reply in await redis.SendAllAsync(commands.ToArray()))
                if (reply.Error is { } refused)
                    throw refused;
            // Our own once more, since nobody tells us: between the commit and the removal a load of this process may have found the old
            // value in Redis, and have kept it.
            values.Drop(keys);
            if (members.Others.Count > 0 && !faults.IsWithout(Safeguards.Acknowledgement))
                await awaited.All.WaitAsync(within);
            return awaited.IsElsewhere ? FenceResult.EpochMoved : FenceResult.Told;
        }
        catch (TimeoutException)
        {
            LogSilent(logger, string.Join(", ", awaited.Missing), within.TotalMilliseconds);
            return FenceResult.Failed;
        }
        catch (RedisException failure)
        {
            LogNotTold(logger, failure.Message);
            return FenceResult.Failed;
        }
        finally
        {
            _awaited.TryRemove(number, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_messages is not null)
            await _messages.DisposeAsync();
        if (_answers is not null)
            await _answers.DisposeAsync();
    }

    private string Messages => $"gk:{_cluster}:old";

    private string AnswersTo(Guid node) => $"gk:{_cluster}:told:{node:N}";

    private void TakeMessage(ReadOnlyMemory<byte> bytes)
    {
        if (FenceMessage.Parse(bytes.Span) is not { } message || message.Writer == self.Value)
            return;
        values.Drop(message.Keys);
        _ = AnswerAsync(message);
    }

    private async Task AnswerAsync(FenceMessage message)
    {
        try
        {
            await redis.SendAsync(new RedisCommand("PUBLISH", AnswersTo(message.Writer), new FenceAnswer(self.Value, message.Number, Adopted).ToBytes()));
        }
        // The writer misses the answer and does what it does for a node that is gone.
        catch (RedisException failure)
        {
            LogNotTold(logger, failure.Message);
        }
    }

    private void TakeAnswer(ReadOnlyMemory<byte> bytes)
    {
        if (FenceAnswer.TryParse(bytes.Span, out var answer) && _awaited.TryGetValue(answer.Number, out var awaited))
            awaited.Take(answer);
    }

    [LoggerMessage(1001, LogLevel.Warning, "Nodes {Nodes} did not acknowledge within {WithinMs} ms that values are old; everything cached is voided instead. Do they use the same Redis?")]
    private static partial void LogSilent(ILogger logger, string nodes, double withinMs);

    [LoggerMessage(1002, LogLevel.Warning, "Redis did not carry a message between caches: {Reason}")]
    private static partial void LogNotTold(ILogger logger, string reason);
}

/// <summary>What came of telling.</summary>
internal enum FenceResult
{
    /// <summary>Nobody holds the old values any more.</summary>
    Told,

    /// <summary>Somebody is in another epoch; tell again under that one.</summary>
    EpochMoved,

    /// <summary>Nothing can be said.</summary>
    Failed,
}

/// <summary>This process among the nodes; random, one a process.</summary>
internal sealed record NodeId(Guid Value)
{
    public static NodeId New() => new(new Guid(RandomNumberGenerator.GetBytes(16)));

    /// <summary>For whoever looks.</summary>
    public string Name { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
