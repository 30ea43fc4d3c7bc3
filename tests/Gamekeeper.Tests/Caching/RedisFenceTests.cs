using Gamekeeper.Caching;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Caching;

/// <summary>Several nodes and a Redis between them.</summary>
public sealed class RedisFenceTests
{
    [Fact]
    public async Task What_one_node_loaded_another_reads_from_Redis()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(7);
        await using var client = await redis.ClientAsync();

        await one.AmountAsync(coin);
        var key = $"sample:coin:{{{coin}}}@{await cluster.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch")}";
        await Soon.TrueAsync(async () => (await client.SendAsync(new("HEXISTS", key, "v"))).Integer == 1, "it is published");

        (await two.AmountAsync(coin)).ShouldBe(7);
        two.Loads.ShouldBe(0);
        two.Counts.SecondLevel.ShouldBe(1);
        var left = (await client.SendAsync(new("TTL", key))).Integer;
        left.ShouldBeInRange(290, 300);
    }

    [Fact]
    public async Task Whoever_reads_after_a_write_was_acknowledged_reads_it_on_every_node_and_nothing_is_voided()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        CacheMember[] nodes = [await cluster.JoinAsync(), await cluster.JoinAsync(), await cluster.JoinAsync()];
        var coin = await cluster.CoinAsync(0);
        var epoch = await cluster.EpochAsync();

        for (var amount = 1; amount <= 30; amount++)
        {
            foreach (var node in nodes)
                await node.AmountAsync(coin);
            await nodes[amount % 3].WriteAsync(coin, amount);
            foreach (var node in nodes)
                (await node.AmountAsync(coin)).ShouldBe(amount);
        }

        (await cluster.EpochAsync()).ShouldBe(epoch);
        await Soon.TrueAsync(async () => await cluster.WaitingAsync() == 0, "all rows are gone");
    }

    // The writer waits until all have followed; meanwhile others find its write, and must not begin one epoch more.
    [Fact]
    public async Task What_cannot_be_told_begins_one_epoch_and_not_one_more_for_each_who_finds_it()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        CacheMember[] nodes = [await cluster.JoinAsync(), await cluster.JoinAsync(), await cluster.JoinAsync()];
        var epoch = await cluster.EpochAsync();
        // It still answers, from the epoch before, and does not follow until its lease has run out.
        await nodes[2].PauseAsync();

        // By a process without a Redis, as the command line is.
        var coin = await cluster.CoinAsync(1);

        await Soon.TrueAsync(async () => await cluster.WaitingAsync() == 0, "all rows are gone");
        (await cluster.EpochAsync()).ShouldBe(epoch + 1);
        foreach (var node in nodes)
            (await node.AmountAsync(coin)).ShouldBe(1);
    }

    [Fact]
    public async Task A_load_on_one_node_that_read_before_a_write_on_another_is_not_published()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(1);
        var release = new TaskCompletionSource();
        var hasRead = new TaskCompletionSource();

        var early = one.ReadAsync(coin, release.Task, hasRead);
        await hasRead.Task;
        await two.WriteAsync(coin, 2);
        release.SetResult();
        await early;

        (await one.AmountAsync(coin)).ShouldBe(2);
        (await two.AmountAsync(coin)).ShouldBe(2);
    }

    [Fact]
    public async Task A_hundred_misses_on_three_nodes_load_once()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var nodes = await cluster.JoinAsync(3);
        var coin = await cluster.CoinAsync(7);

        var read = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => nodes[i % 3].ReadAsync(coin).AsTask()));

        read.ShouldAllBe(c => c!.Amount == 7);
        nodes.Sum(n => n.Loads).ShouldBe(1);
    }

    [Fact]
    public async Task A_loader_that_dies_is_replaced_and_twice_is_all()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        Action<CacheOptions> soonReplaced = o => (o.Lease, o.LoadWithin) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(300));
        var nodes = await Task.WhenAll(cluster.JoinAsync(soonReplaced), cluster.JoinAsync(soonReplaced));
        var coin = await cluster.CoinAsync(7);
        var never = new TaskCompletionSource();
        var hasRead = new TaskCompletionSource();
        var dying = nodes[0].ReadAsync(coin, never.Task, hasRead).AsTask();
        await hasRead.Task;

        var read = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => nodes[1].ReadAsync(coin).AsTask()));

        read.ShouldAllBe(c => c!.Amount == 7);
        nodes.Sum(n => n.Loads).ShouldBe(2);
        never.SetResult();
        (await dying)!.Amount.ShouldBe(7);
    }

    // Whoever comes while a round is under way waits for the next one; it may end at that very moment.
    [Fact]
    public async Task Drops_by_many_at_once_all_end()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var one = await cluster.JoinAsync();
        await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);

        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 2000; i++)
                    await one.Cache.DropAsync(CachedCoin.Key, coin);
            }))
        );

        (await one.AmountAsync(coin)).ShouldBe(1);
    }

    [Fact]
    public async Task FLUSHALL_under_load_fails_no_caller()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(0);
        await using var client = await redis.ClientAsync();

        for (var amount = 1; amount <= 20; amount++)
        {
            var flushing = client.SendAsync(new("FLUSHALL")).AsTask();
            await Task.WhenAll(one.AmountAsync(coin), two.AmountAsync(coin));
            await one.WriteAsync(coin, amount);
            (await two.AmountAsync(coin)).ShouldBe(amount);
            await flushing;
        }
    }

    [Fact]
    public async Task A_Redis_that_comes_back_with_what_it_saved_long_ago_is_not_believed()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(1);
        await using (var client = await redis.ClientAsync())
        {
            await one.AmountAsync(coin);
            await Soon.TrueAsync(async () => (await client.SendAsync(new("DBSIZE"))).Integer > 0, "it is published");
            await redis.SaveAsync(client);
        }
        await one.WriteAsync(coin, 2);
        (await two.AmountAsync(coin)).ShouldBe(2);

        await redis.KillAsync();
        // Reads go on, and writes too.
        (await one.AmountAsync(coin)).ShouldBe(2);
        await one.WriteAsync(coin, 3);
        (await two.AmountAsync(coin)).ShouldBe(3);
        await redis.RestartAsync();

        foreach (var node in new[] { one, two })
        {
            await node.ServesAsync();
            (await node.AmountAsync(coin)).ShouldBe(3);
        }
        await one.WriteAsync(coin, 4);
        (await two.AmountAsync(coin)).ShouldBe(4);
    }

    [Fact]
    public async Task A_paused_Redis_delays_and_fails_nobody()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(1);
        await one.AmountAsync(coin);
        await two.AmountAsync(coin);

        redis.Pause();
        try
        {
            await one.WriteAsync(coin, 2);
            (await two.AmountAsync(coin)).ShouldBe(2);
            await two.WriteAsync(coin, 3);
            (await one.AmountAsync(coin)).ShouldBe(3);
        }
        finally
        {
            redis.Resume();
        }
        await one.ServesAsync();
        await two.ServesAsync();
        (await one.AmountAsync(coin)).ShouldBe(3);
        (await two.AmountAsync(coin)).ShouldBe(3);
    }
}
