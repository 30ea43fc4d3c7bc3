using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What does it cost a writer that three nodes have dropped the old value before it is answered?</summary>
internal sealed class FreshWrite : IQuestion
{
    private const int Nodes = 3;

    public string Name => "fresh-write";

    public bool NeedsRedis => true;

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        var load = new Load(1, options.Duration, options.WarmUp);
        await using var redis = await BenchRedis.StartAsync(cancellationToken);
        await using var writer = new BenchNode(database, redis);
        await using var second = new BenchNode(database, redis);
        await using var third = new BenchNode(database, redis);
        await using var uncachedWriter = Uncached(database);
        await using var uncachedSecond = Uncached(database);
        await using var uncachedThird = Uncached(database);
        BenchNode[] nodes = [writer, second, third];
        BenchNode[] uncached = [uncachedWriter, uncachedSecond, uncachedThird];
        var players = await database.PlayersAsync(Enumerable.Range(1, 64), cancellationToken);
        var fences = new List<Run>();
        var written = 0;
        var measured = await Comparison.RunAsync(options.Rounds, _ => CachedAsync(), _ => WriteAsync(uncachedWriter, uncached));
        yield return Line.Latency($"change a player's numbers, {Nodes} nodes have its profile cached", measured, "the same with caching off", 1.3);
        yield return Line.StatedP99($"of that, from COMMIT to the answers of all {Nodes} nodes that it is dropped", Run.Median(fences[1..]));

        async Task<Run> CachedAsync()
        {
            foreach (var node in nodes)
                await node.JoinAsync(cancellationToken);
            writer.Get<TimedFence>().Take();
            var run = await WriteAsync(writer, nodes);
            fences.Add(Run.Of(writer.Get<TimedFence>().Take(), load.WarmUp));
            foreach (var node in nodes)
                await node.LeaveAsync();
            return run;
        }

        // Before each write every node reads the player, so that there is something to drop; and finds what was written last. The writer then asks
        // PostgreSQL once more: a server and a connection that have slept a millisecond answer late, and with a cache they sleep longer.
        Task<Run> WriteAsync(BenchNode by, IReadOnlyList<BenchNode> all)
        {
            var update = by.Get<UpdateStats>();
            var ratings = new int?[players.Count];
            return load.DriveAsync(
                async (_, i, ct) =>
                {
                    // Another one each time: a write that changes nothing makes nothing old.
                    var rating = ++written % 5000;
                    var key = new IdempotencyKey(Guid.CreateVersion7(database.Clock.GetUtcNow()).ToString());
                    if (await update.RunAsync(Actor.System(database.Clock), [new(players[i % 64], Rating: rating)], key, ct) is not UpdateStatsOutcome.Updated { IsReplay: false })
                        throw new InvalidOperationException("The numbers were not changed.");
                    ratings[i % 64] = rating;
                },
                cancellationToken,
                before: async (_, i, ct) =>
                {
                    foreach (var node in all)
                    {
                        var player = await node.Get<PlayerRepository>().FindAsync(players[i % 64], ct);
                        if (ratings[i % 64] is { } last)
                            Found.Exactly(last, player!.Rating);
                    }
                    Found.Or(await by.Get<GameDatabase>().FirstAsync(new FindPlayer(players[i % 64]), ct));
                }
            );
        }
    }

    private static BenchNode Uncached(BenchDatabase database) => new(database, redis: null, o => o.Enabled = false);
}
