using Gamekeeper.Caching;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gamekeeper.Tests.Caching;

/// <summary>A Redis that is there and slow: worse than one that is away, unless reads lose patience with it.</summary>
public sealed class SlowRedisTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Reads_wait_for_a_slow_Redis_a_few_times_and_then_leave_it_alone_until_it_is_well()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var node = await cluster.JoinAsync(o => (o.RedisAnswersWithin, o.RedisRest) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)), configureRedis: Steadfast);
        var coins = new List<Guid>();
        for (var i = 0; i < 10; i++)
            coins.Add(await cluster.CoinAsync(i));
        await node.ServesAsync();
        var before = Status(node);
        before.IsResting.ShouldBeFalse();

        redis.Pause();
        try
        {
            for (var i = 0; i < 3; i++)
                (await node.AmountAsync(coins[i])).ShouldBe(i);
            Status(node).IsResting.ShouldBeTrue();
            Status(node).Late.ShouldBeGreaterThanOrEqualTo(before.Late + 3);
        }
        finally
        {
            redis.Resume();
        }

        // One read after the other tries once the rest is over; the first that is answered ends it.
        await Soon.TrueAsync(
            async () =>
            {
                await node.AmountAsync(await cluster.CoinAsync(1));
                return !Status(node).IsResting;
            },
            "it is well again"
        );
    }

    [Fact]
    public async Task While_it_rests_nobody_asks_it_and_writers_tell_through_it_all_the_same()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        // One late answer is enough, and the rest is longer than the test.
        Action<CacheOptions> restless = o => (o.Lease, o.RedisAnswersWithin, o.RedisRestsAfter, o.RedisRest) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50), 1, Long);
        var nodes = await Task.WhenAll(cluster.JoinAsync(restless, configureRedis: Steadfast), cluster.JoinAsync(restless, configureRedis: Steadfast));
        var coin = await cluster.CoinAsync(1);
        foreach (var node in nodes)
            await node.ServesAsync();
        redis.Pause();
        try
        {
            foreach (var node in nodes)
                (await node.AmountAsync(coin)).ShouldBe(1);
        }
        finally
        {
            redis.Resume();
        }
        nodes.ShouldAllBe(n => Status(n).IsResting);
        var late = nodes.Select(n => Status(n).Late).ToList();

        for (var amount = 2; amount <= 5; amount++)
        {
            await nodes[amount % 2].WriteAsync(coin, amount);
            foreach (var node in nodes)
                (await node.AmountAsync(coin)).ShouldBe(amount);
        }

        // Each loaded for itself: what the other one knows is in Redis, where nobody looks.
        nodes.ShouldAllBe(n => Status(n).IsResting && n.Counts.SecondLevel == 0);
        nodes.Select(n => Status(n).Late).ShouldBe(late);
    }

    [Fact]
    public async Task A_ticket_that_came_too_late_is_given_back()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        // Nobody counts as dead before the test has failed.
        Action<CacheOptions> patient = o => (o.Lease, o.LoadWithin) = (TimeSpan.FromSeconds(3), Long);
        Action<CacheOptions> hurried = o => (o.Lease, o.LoadWithin, o.RedisAnswersWithin, o.RedisRestsAfter) = (TimeSpan.FromSeconds(3), Long, TimeSpan.FromMilliseconds(50), 1000);
        var nodes = await Task.WhenAll(cluster.JoinAsync(hurried, configureRedis: Steadfast), cluster.JoinAsync(patient, configureRedis: Steadfast));
        var coin = await cluster.CoinAsync(7);
        await using var client = await redis.ClientAsync();
        await nodes[0].ServesAsync();

        // Reads pass and scripts wait: it looks, finds nothing, and asks for a ticket that does not come.
        await client.SendAsync(new("CLIENT", "PAUSE", 60_000, "WRITE"));
        (await nodes[0].AmountAsync(coin)).ShouldBe(7);
        await client.SendAsync(new("CLIENT", "UNPAUSE"));

        await nodes[1].ServesAsync();
        (await nodes[1].AmountAsync(coin).WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(7);
        nodes[1].Loads.ShouldBe(1);
        var key = await KeyAsync(cluster, coin);
        await Soon.TrueAsync(async () => (await client.SendAsync(new("HEXISTS", key, "v"))).Integer == 1, "the second one published what it loaded");
    }

    [Fact]
    public async Task Who_waits_for_the_load_of_another_node_does_not_load_because_Redis_is_slow_meanwhile()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        Action<CacheOptions> patient = o => (o.Lease, o.LoadWithin) = (TimeSpan.FromSeconds(3), Long);
        Action<CacheOptions> hurried = o => (o.Lease, o.LoadWithin, o.RedisAnswersWithin) = (TimeSpan.FromSeconds(3), Long, TimeSpan.FromMilliseconds(250));
        var nodes = await Task.WhenAll(cluster.JoinAsync(patient, configureRedis: Steadfast), cluster.JoinAsync(hurried, configureRedis: Steadfast));
        var coin = await cluster.CoinAsync(7);
        await using var client = await redis.ClientAsync();
        foreach (var node in nodes)
            await node.ServesAsync();
        var release = new TaskCompletionSource();
        var loading = nodes[0].ReadAsync(coin, release.Task);
        await Soon.TrueAsync(async () => (await client.SendAsync(new("EXISTS", await KeyAsync(cluster, coin)))).Integer == 1, "the first one has the ticket");
        var asked = await ScriptsAsync(client);
        var waiting = nodes[1].AmountAsync(coin);
        await Soon.TrueAsync(async () => await ScriptsAsync(client) >= asked + 3, "the second one asks again and again");

        // Four times as long as a read has patience; then Redis goes on by itself.
        await client.SendAsync(new("CLIENT", "PAUSE", 1000, "WRITE"));
        await client.SendAsync(new("SET", "goes-on", 1));

        waiting.IsCompleted.ShouldBeFalse();
        release.SetResult();
        (await waiting, (await loading)!.Amount).ShouldBe((7, 7));
        (nodes[1].Loads, nodes[1].Counts.SecondLevel).ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_token_that_could_not_be_published_is_no_token()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        Action<CacheOptions> patient = o => o.Lease = TimeSpan.FromSeconds(3);
        Action<CacheOptions> hurried = o => (o.Lease, o.RedisAnswersWithin, o.RedisRestsAfter) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50), 1000);
        var nodes = await Task.WhenAll(cluster.JoinAsync(hurried, configureRedis: Steadfast), cluster.JoinAsync(patient, configureRedis: Steadfast));
        await using var client = await redis.ClientAsync();
        await client.SendAsync(new("CLIENT", "PAUSE", 60_000, "WRITE"));
        await ReadAsync(nodes[0]);
        await client.SendAsync(new("CLIENT", "UNPAUSE"));

        // What was stamped with it counts for nobody, and what another node keeps counts for the first one, too.
        foreach (var node in nodes)
            await node.ServesAsync();
        var kept = await ReadAsync(nodes[1]);
        await Soon.TrueAsync(async () => await ReadAsync(nodes[0]) == kept, "both have one token");

        static ValueTask<Guid> ReadAsync(CacheMember node) =>
            node.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), tags: ["t"]);
    }

    [Fact]
    public async Task Of_those_who_come_when_a_rest_is_over_one_tries_and_a_late_answer_begins_another()
    {
        var clock = new ManualClock();
        var patience = new Patience(new CacheOptions { RedisRestsAfter = 2, RedisRest = TimeSpan.FromSeconds(1) }, clock, NullLogger<Patience>.Instance);
        await BeLateAsync();
        patience.MayAsk().ShouldBeTrue();
        // An answer in between: the next late one is the first again.
        (await patience.WaitAsync(Task.FromResult(1))).ShouldBe(1);
        await BeLateAsync();
        patience.MayAsk().ShouldBeTrue();
        await BeLateAsync();
        (patience.IsResting, patience.Lates, patience.MayAsk()).ShouldBe((true, 3, false));

        clock.Advance(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 10).Count(_ => patience.MayAsk()).ShouldBe(1);
        await BeLateAsync();
        patience.MayAsk().ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        patience.MayAsk().ShouldBeTrue();
        await patience.WaitAsync(Task.FromResult(1));
        (patience.IsResting, patience.MayAsk()).ShouldBe((false, true));

        async Task BeLateAsync()
        {
            var waiting = patience.WaitAsync(new TaskCompletionSource<int>().Task).AsTask();
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Should.ThrowAsync<TimeoutException>(waiting);
        }
    }

    private static async Task<string> KeyAsync(CacheCluster cluster, Guid coin) =>
        $"sample:coin:{{{coin}}}@{await cluster.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch")}";

    private static async Task<int> ScriptsAsync(RedisClient client)
    {
        var line = (await client.SendAsync(new("INFO", "commandstats"))).Text!.Split('\n').Single(l => l.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal));
        return int.Parse(line.Split(['=', ','])[1]);
    }

    private static CacheRedisStatus Status(CacheMember node) => node.Get<CacheStatistics>().Node().Redis!;

    // The connection itself is not given up.
    private static void Steadfast(RedisOptions options) => (options.CommandTimeout, options.SilenceLimit) = (TimeSpan.FromSeconds(20), Long);
}
