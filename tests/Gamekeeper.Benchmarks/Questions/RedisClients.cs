using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Redis;
using StackExchange.Redis;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>Is a client of our own at least as quick as the one that everybody takes?</summary>
internal sealed class RedisClients : IQuestion
{
    private const int Keys = 1_000;
    private const int Pipelined = 100;
    private const string Prefix = "value:";
    private const string Channel = "bench";
    private const string LimitName = "StackExchange.Redis 1.2.6";

    private static readonly RedisScript Script = new("return redis.call('get', KEYS[1])");

    public string Name => "redis-client";

    public bool NeedsRedis => true;

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = databases.Full.Options;
        await using var redis = await BenchRedis.StartAsync(cancellationToken);
        await FromRedis.StoreAsync(redis, Prefix, [.. Enumerable.Range(0, Keys).Select(_ => new byte[300])], cancellationToken);
        await using var ours = await redis.ClientAsync(cancellationToken);
        using var others = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var database = others.GetDatabase();
        var keys = Enumerable.Range(0, Keys).Select(i => RedisBenchmark.Key(Prefix, i)).ToArray();
        string Key(int client, int i) => keys[(client * 61 + i) % Keys];

        foreach (var callers in new[] { 1, 16 })
            yield return await CompareAsync(
                $"GET of 300 bytes, {Clients.Say(callers)}",
                callers,
                async (client, i, ct) => Found.Exactly(300, (await ours.SendAsync(new("GET", Key(client, i)), ct)).Bytes!.Length),
                async (client, i, _) => Found.Exactly(300, ((byte[])await database.StringGetAsync(Key(client, i))).Length)
            );

        yield return await CompareAsync(
            $"{Pipelined} GETs sent together, 1 client",
            1,
            async (_, i, ct) =>
            {
                var commands = new RedisCommand[Pipelined];
                for (var c = 0; c < Pipelined; c++)
                    commands[c] = new("GET", Key(c, i));
                foreach (var reply in await ours.SendAllAsync(commands, ct))
                    Found.Exactly(300, reply.Bytes!.Length);
            },
            async (_, i, _) =>
            {
                var asked = new Task<RedisValue>[Pipelined];
                for (var c = 0; c < Pipelined; c++)
                    asked[c] = database.StringGetAsync(Key(c, i));
                foreach (var reply in await Task.WhenAll(asked))
                    Found.Exactly(300, ((byte[])reply).Length);
            }
        );

        var sha = Convert.FromHexString(Script.Sha);
        Found.Or((await ours.EvalAsync(Script, [Key(0, 0)], [], cancellationToken)).Bytes);
        yield return await CompareAsync(
            "EVALSHA of a script that reads one key, 1 client",
            1,
            async (client, i, ct) => Found.Exactly(300, (await ours.EvalAsync(Script, [Key(client, i)], [], ct)).Bytes!.Length),
            async (client, i, _) => Found.Exactly(300, ((byte[])await database.ScriptEvaluateAsync(sha, [Key(client, i)])).Length)
        );

        TaskCompletionSource heard = new();
        await using var subscription = await ours.SubscribeAsync(Channel, _ => heard.TrySetResult(), cancellationToken: cancellationToken);
        var subscriber = others.GetSubscriber();
        TaskCompletionSource otherHeard = new();
        await subscriber.SubscribeAsync($"{Channel}:other", (_, _) => otherHeard.TrySetResult());
        yield return await CompareAsync(
            "a message published and heard, 1 client",
            1,
            async (_, _, ct) =>
            {
                heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await ours.SendAsync(new("PUBLISH", Channel, "now"), ct);
                await heard.Task;
            },
            async (_, _, _) =>
            {
                otherHeard = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await subscriber.PublishAsync($"{Channel}:other", "now");
                await otherHeard.Task;
            }
        );

        async Task<Line> CompareAsync(string path, int callers, Func<int, int, CancellationToken, Task> our, Func<int, int, CancellationToken, Task> other)
        {
            var load = Load.Short(callers, options);
            var measured = await Comparison.RunAsync(options.Rounds, _ => load.DriveAsync(our, cancellationToken), _ => load.DriveAsync(other, cancellationToken));
            // One caller is served well when it waits no longer, many when more of them are served.
            return callers == 1
                ? Line.Latency($"Redis: {path}", measured, LimitName, 1)
                : Line.Throughput($"Redis: {path}", measured, LimitName, 1);
        }
    }
}
