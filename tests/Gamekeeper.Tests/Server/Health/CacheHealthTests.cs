using Gamekeeper.Caching;
using Gamekeeper.Server.Health;
using Gamekeeper.Tests.Caching;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Server.Health;

/// <summary>What is said of a cache that does less than it could.</summary>
public sealed class CacheHealthTests
{
    [Fact]
    public async Task A_Redis_that_reads_leave_alone_is_a_degradation_with_its_reason()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var node = await cluster.JoinAsync(
            o => (o.Lease, o.RedisAnswersWithin, o.RedisRestsAfter, o.RedisRest) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50), 1, TimeSpan.FromMinutes(1)),
            configureRedis: o => (o.CommandTimeout, o.SilenceLimit) = (TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1))
        );
        var health = new CacheHealth(node.Get<CacheStatistics>(), TimeProvider.System);
        var coin = await cluster.CoinAsync(1);
        await node.ServesAsync();
        health.Check().Problem.ShouldBeNull();

        redis.Pause();
        await node.AmountAsync(coin);
        redis.Resume();

        await node.ServesAsync();
        var part = health.Check();
        part.Problem.ShouldNotBeNull().ShouldContain("Redis answers too slowly");
        node.Get<CacheStatistics>().Node().Redis!.IsResting.ShouldBeTrue();
    }
}
