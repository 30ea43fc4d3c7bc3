using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What is it worth to find a collection in Redis, and how much of Redis's own speed is left of it?</summary>
internal sealed class CollectionFromRedis : IQuestion
{
    public string Name => "cached-collection";

    public bool NeedsRedis => true;

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        await using var redis = await BenchRedis.StartAsync(cancellationToken);
        // Room for one or two of them: before it is asked for again, each has made way.
        await using var node = new BenchNode(database, redis, o => o.MaxBytes = FromRedis.LeastMemory);
        await node.JoinAsync(cancellationToken);
        var owners = await database.PlayersAsync(database.Collectors, cancellationToken);
        var cards = node.Get<CardRepository>();
        var page = new PageRequest(new PageSize(BenchDatabase.CollectionSize));
        var values = new List<byte[]>();
        foreach (var owner in owners)
        {
            Found.Exactly(BenchDatabase.CollectionSize, Found.Given(await cards.ByOwnerAsync(owner, page, cancellationToken)).Count);
            var newest = await node.Get<GameDatabase>().ListAsync(new NewestCards(owner, CardCollection.Most), cancellationToken);
            values.Add(SecondLevelValue.Write(SummonersGridCache.Collection.Codec, new CardCollection(owner, newest), DateTimeOffset.UnixEpoch));
        }
        await FromRedis.StoreAsync(redis, "collection:", values, cancellationToken);

        var load = Load.Short(1, options);
        var place = 0;
        var runs = await FromRedis.OnlyAsync(
            node,
            SummonersGridCache.Collection,
            reads => Interleaved.RunAsync(
                options.Rounds,
                [
                    _ => load.DriveAsync(
                        async (_, _, ct) =>
                        {
                            Found.Exactly(BenchDatabase.CollectionSize, Found.Given(await cards.ByOwnerAsync(owners[place++ % owners.Count], page, ct)).Count);
                            reads.Add();
                        },
                        cancellationToken
                    ),
                    _ => CollectionOf200.OursAsync(database, owners, load, cancellationToken),
                    _ => redis.Benchmark.GetAsync(1, load.Duration, "collection:", values.Count, cancellationToken),
                ]
            )
        );
        yield return Line.Throughput("collection of 200 cards from Redis, decoded", new(runs[0], runs[1]), "the same from PostgreSQL by us", 4);
        yield return Line.Throughput("collection of 200 cards from Redis, decoded", new(runs[0], runs[2]), "redis-benchmark, GET of the same bytes", 0.35);
    }
}
