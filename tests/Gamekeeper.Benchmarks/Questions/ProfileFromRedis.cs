using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Caching.Levels;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>How much of Redis's own speed is left of a profile that another node has loaded, decoded and handed out?</summary>
internal sealed class ProfileFromRedis : IQuestion
{
    public string Name => "cached-profile";

    public bool NeedsRedis => true;

    // A sixteenth of them has to be more than fits into memory.
    public int LeastUsers => 4_000;

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        await using var redis = await BenchRedis.StartAsync(cancellationToken);
        await using var node = new BenchNode(database, redis, o => o.MaxBytes = FromRedis.LeastMemory);
        await node.JoinAsync(cancellationToken);
        // Each caller goes round a part of its own: what it comes back to has long left the memory again.
        var players = await database.PlayersAsync(Enumerable.Range(1, Math.Min(8_000, options.Users)), cancellationToken);
        var repository = node.Get<PlayerRepository>();
        var values = new List<byte[]>();
        foreach (var player in players)
            values.Add(SecondLevelValue.Write(SummonersGridCache.Profile.Codec, (await repository.FindAsync(player, cancellationToken))!, DateTimeOffset.UnixEpoch));
        await FromRedis.StoreAsync(redis, "profile:", values, cancellationToken);

        foreach (var clients in new[] { 1, 16 })
        {
            var load = Load.Short(clients, options);
            var part = players.Count / clients;
            var places = new int[clients];
            // What the measurement before has left in memory goes.
            foreach (var player in players)
                Found.Or(await repository.FindAsync(player, cancellationToken));
            var measured = await FromRedis.OnlyAsync(
                node,
                SummonersGridCache.Profile,
                reads => Comparison.RunAsync(
                    options.Rounds,
                    _ => load.DriveAsync(
                        async (client, _, ct) =>
                        {
                            Found.Or(await repository.FindAsync(players[client * part + places[client]++ % part], ct));
                            reads.Add();
                        },
                        cancellationToken
                    ),
                    _ => redis.Benchmark.GetAsync(clients, load.Duration, "profile:", values.Count, cancellationToken)
                )
            );
            yield return Line.Throughput($"profile from Redis, decoded, {Clients.Say(clients)}", measured, "redis-benchmark, GET of the same bytes", clients == 1 ? 0.7 : 1.2);
        }
    }
}
