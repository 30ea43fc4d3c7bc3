using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Tags;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Harness.SampleGame;

namespace Gamekeeper.Tests.Caching;

/// <summary>Many values made void at once, without a list of them.</summary>
public sealed class TagTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removing_a_tag_makes_its_values_void_on_every_node_and_no_others(bool withRedis)
    {
        await using var cluster = await CacheCluster.CreateAsync(withRedis ? (await TestRedis.SharedAsync()).ConnectionString : null);
        var nodes = await cluster.JoinAsync(2);
        var source = 1;
        foreach (var node in nodes)
        {
            await ReadAsync(node, "a", "fire");
            await ReadAsync(node, "b", "fire", "ice");
            await ReadAsync(node, "c", "ice");
        }

        source = 2;
        await nodes[0].Cache.RemoveByTagAsync("fire");

        foreach (var node in nodes)
        {
            (await ReadAsync(node, "a", "fire")).ShouldBe(2);
            (await ReadAsync(node, "b", "fire", "ice")).ShouldBe(2);
            // Without a Redis, what one drops costs all.
            (await ReadAsync(node, "c", "ice")).ShouldBe(withRedis ? 1 : 2);
        }
        source = 3;
        await nodes[1].Cache.RemoveByTagAsync(["ice", "earth"]);
        foreach (var node in nodes)
            (await ReadAsync(node, "b", "fire", "ice")).ShouldBe(3);

        ValueTask<int> ReadAsync(CacheMember node, string key, params string[] tags) => node.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(source), tags: tags);
    }

    [Fact]
    public async Task A_value_that_a_removed_tag_made_void_makes_way_in_Redis()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(3);
        var made = 0;
        for (var round = 1; round <= 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(i => ReadAsync(nodes[i % 3]).AsTask()));
            made.ShouldBe(round);
            await nodes[round % 3].Cache.RemoveByTagAsync("t");
        }

        ValueTask<int> ReadAsync(CacheMember node) => node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(Interlocked.Increment(ref made)), tags: ["t"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_being_made_while_its_tag_is_removed_does_not_survive(int remover)
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());

        var early = nodes[0].Cache.GetOrCreateAsync("k", OldAsync, tags: ["t"]).AsTask();
        await started.Task;
        await nodes[remover].Cache.RemoveByTagAsync("t");
        // It joins the load, since the key was not dropped; what that brings is not for it.
        var late = nodes[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("new"), tags: ["t"]).AsTask();
        release.SetResult();

        (await early).ShouldBe("old");
        (await late).ShouldBe("new");
        foreach (var node in nodes)
            (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("newer"), tags: ["t"])).ShouldBe("new");

        async ValueTask<string> OldAsync(CancellationToken cancellationToken)
        {
            started.SetResult();
            await release.Task;
            return "old";
        }
    }

    [Fact]
    public async Task The_star_is_everything_under_free_keys()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var coin = await cluster.CoinAsync(7);
        var source = 1;
        foreach (var node in nodes)
        {
            await ReadAsync(node, "a");
            await ReadAsync(node, "b", "t");
            await node.AmountAsync(coin);
        }
        var loads = nodes.Sum(n => n.Loads);

        source = 2;
        await nodes[0].Cache.RemoveByTagAsync("*");

        foreach (var node in nodes)
        {
            (await ReadAsync(node, "a")).ShouldBe(2);
            (await ReadAsync(node, "b", "t")).ShouldBe(2);
            await node.AmountAsync(coin);
        }
        nodes.Sum(n => n.Loads).ShouldBe(loads);

        ValueTask<int> ReadAsync(CacheMember node, string key, params string[] tags) => node.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(source), tags: tags);
    }

    [Fact]
    public async Task A_declared_key_has_tags_too()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        Guid[] coins = [Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7(TimeProvider.System.GetUtcNow())];
        var source = 1L;
        await ReadAllAsync();
        source = 2;
        (await ReadAllAsync()).ShouldBe([1, 1, 1, 1]);

        await nodes[0].Cache.RemoveByTagAsync($"coin-{coins[0]}");
        (await ReadAllAsync()).ShouldBe([2, 1, 2, 1]);
        await nodes[1].Cache.RemoveByTagAsync("coins");
        (await ReadAllAsync()).ShouldBe([2, 2, 2, 2]);

        async Task<IReadOnlyList<long>> ReadAllAsync()
        {
            var amounts = new List<long>();
            foreach (var node in nodes)
                foreach (var coin in coins)
                    amounts.Add((await node.Cache.GetAsync(CachedCoin.TaggedKey, coin, source, static (now, id, _) => Task.FromResult<CachedCoin?>(new(id, now))))!.Amount);
            return amounts;
        }
    }

    [Fact]
    public async Task A_token_that_was_evicted_takes_its_values_with_it()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        await using var client = await redis.ClientAsync();
        var source = 1;
        foreach (var node in nodes)
            await ReadAsync(node);
        var epoch = await cluster.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch");
        var token = $"core:tag:{{t}}@{epoch}";

        // From Redis alone: the nodes still have it, and agree.
        (await client.SendAsync(new("DEL", token))).Integer.ShouldBe(1);
        source = 2;
        (await ReadAsync(nodes[0])).ShouldBe(1);
        // From memory, too: another one is made, and what bears the old one is void, even where that one is still in memory.
        Forget(nodes[0]);
        (await ReadAsync(nodes[0])).ShouldBe(2);
        Forget(nodes[1]);
        (await ReadAsync(nodes[1])).ShouldBe(2);

        void Forget(CacheMember node) => node.Get<LocalValues>().Of(TagToken.Key).Drop("t");
        ValueTask<int> ReadAsync(CacheMember node) => node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(source), tags: ["t"]);
    }
}
