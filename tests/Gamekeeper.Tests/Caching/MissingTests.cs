using Gamekeeper.Caching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Caching;

/// <summary>That there is no such thing is kept for a moment, where a kind says so, and dropped as any value is.</summary>
public sealed class MissingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_does_not_exist_is_asked_for_once_and_seen_as_soon_as_it_does(bool withRedis)
    {
        await using var cluster = await CacheCluster.CreateAsync(withRedis ? (await TestRedis.SharedAsync()).ConnectionString : null);
        var nodes = await cluster.JoinAsync(2);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 3; i++)
            foreach (var node in nodes)
                (await ReadAsync(node)).ShouldBeNull();
        // Without a Redis each node asks for itself.
        nodes.Sum(n => n.Loads).ShouldBe(withRedis ? 1 : 2);

        await nodes[0].Get<GameDatabase>()
            .WriteAsync(
                Actor.System(TimeProvider.System),
                (unit, _) =>
                {
                    unit.Enqueue(new InsertCoin(id, 7));
                    return Task.CompletedTask;
                }
            );

        foreach (var node in nodes)
            (await ReadAsync(node))!.Amount.ShouldBe(7);

        ValueTask<CachedCoin?> ReadAsync(CacheMember node) => node.ReadAsync(id, key: CachedCoin.ProbedKey);
    }

    [Fact]
    public async Task A_load_that_found_nothing_before_it_was_made_does_not_say_so_afterwards()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var (hasRead, release) = (new TaskCompletionSource(), new TaskCompletionSource());

        var early = nodes[0].ReadAsync(id, release.Task, hasRead, CachedCoin.ProbedKey).AsTask();
        await hasRead.Task;
        await nodes[1].Get<GameDatabase>()
            .WriteAsync(
                Actor.System(TimeProvider.System),
                (unit, _) =>
                {
                    unit.Enqueue(new InsertCoin(id, 7));
                    return Task.CompletedTask;
                }
            );
        release.SetResult();

        (await early).ShouldBeNull();
        foreach (var node in nodes)
            (await node.ReadAsync(id, key: CachedCoin.ProbedKey))!.Amount.ShouldBe(7);
    }

    [Fact]
    public async Task It_ends_after_its_own_time_in_Redis()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var node = (await cluster.JoinAsync(1))[0];
        await using var client = await redis.ClientAsync();
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        await node.ReadAsync(id, key: CachedCoin.ProbedKey);

        var key = $"sample:probed-coin:{{{id}}}@{await cluster.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch")}";
        await Soon.TrueAsync(async () => (await client.SendAsync(new("HEXISTS", key, "v"))).Integer == 1, "it is published");
        (await client.SendAsync(new("PTTL", key))).Integer.ShouldBeInRange(1, 30_000);
    }

    [Theory]
    [InlineData(30_001)]
    [InlineData(0)]
    [InlineData(-1)]
    public void More_than_half_a_minute_is_refused_where_it_is_declared(int milliseconds) =>
        Should.Throw<ArgumentOutOfRangeException>(
                () =>
                    new CacheKey<Guid, CachedCoin>("sample:refused:{coinId}", null!)
                    {
                        TimeToLive = TimeSpan.FromMinutes(5),
                        MissingFor = TimeSpan.FromMilliseconds(milliseconds),
                    }
            )
            .Message.ShouldContain("sample:refused:{coinId} keeps for");
}
