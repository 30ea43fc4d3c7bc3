using System.ComponentModel;
using System.Text;
using Gamekeeper.Caching;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.Caching.Hybrid;

namespace Gamekeeper.Tests.Caching;

/// <summary>The cache as the ecosystem knows one: free keys, any type, the caller says what is old.</summary>
public sealed class HybridTests
{
    private static readonly HybridCacheEntryOptions FromRedisOnly = new() { Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData };

    [Fact]
    public async Task The_HybridCache_of_the_host_is_the_cache_of_the_game()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = (await cluster.JoinAsync(1))[0];

        node.Get<HybridCache>().ShouldBeSameAs(node.Cache);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_reads_after_a_removal_has_returned_reads_the_new_value_on_every_node(bool withRedis)
    {
        await using var cluster = await CacheCluster.CreateAsync(withRedis ? (await TestRedis.SharedAsync()).ConnectionString : null);
        var nodes = await cluster.JoinAsync(2);
        var source = 0;
        for (var i = 1; i <= 5; i++)
        {
            foreach (var node in nodes)
                await ReadAsync(node);
            source = i;
            await nodes[i % 2].Cache.RemoveAsync("price");
            foreach (var node in nodes)
                (await ReadAsync(node)).ShouldBe(i);
        }

        ValueTask<int> ReadAsync(CacheMember node) => node.Cache.GetOrCreateAsync("price", _ => ValueTask.FromResult(source));
    }

    [Fact]
    public async Task A_hundred_callers_on_two_nodes_share_one_call_of_the_factory()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var made = 0;

        var read = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => nodes[i % 2].Cache.GetOrCreateAsync("one", _ => ValueTask.FromResult(new Price("gold", Interlocked.Increment(ref made)))).AsTask())
        );

        read.ShouldAllBe(p => p.Amount == 1);
        made.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_being_made_while_its_key_is_removed_is_not_kept(int remover)
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());

        var early = nodes[0].Cache.GetOrCreateAsync(
            "k",
            async _ =>
            {
                started.SetResult();
                await release.Task;
                return "old";
            }
        );
        await started.Task;
        await nodes[remover].Cache.RemoveAsync("k");
        // Whoever comes after the removal does not join what began before it.
        (await nodes[0].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("new"))).ShouldBe("new");
        release.SetResult();
        await early;

        foreach (var node in nodes)
            (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("newer"))).ShouldBe("new");
    }

    [Fact]
    public async Task Values_stand_in_Redis_as_they_are_and_as_long_as_was_asked()
    {
        var redis = await TestRedis.SharedAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (one, two) = (nodes[0], nodes[1]);
        await using var client = await redis.ClientAsync();
        var epoch = await cluster.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch");
        var ten = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(10) };

        await one.Cache.GetOrCreateAsync("text", _ => ValueTask.FromResult("Grüße"), ten);
        await one.Cache.GetOrCreateAsync("bytes", _ => ValueTask.FromResult("raw"u8.ToArray()));
        await one.Cache.GetOrCreateAsync("json", _ => ValueTask.FromResult(new Price("gold", 7)), new() { Expiration = TimeSpan.FromDays(365) });

        (await RawAsync("text")).ShouldEndWith("Grüße");
        (await RawAsync("bytes")).ShouldEndWith("raw");
        (await RawAsync("json")).ShouldEndWith("""{"Coin":"gold","Amount":7}""");
        (await TimeToLiveAsync("text")).ShouldBeInRange(590, 600);
        (await TimeToLiveAsync("bytes")).ShouldBeInRange(290, 300);
        (await TimeToLiveAsync("json")).ShouldBeInRange(86_390, 86_400);
        (await two.Cache.GetOrCreateAsync("text", NeverAsync<string>)).ShouldBe("Grüße");
        (await two.Cache.GetOrCreateAsync("bytes", NeverAsync<byte[]>)).ShouldBe("raw"u8.ToArray());
        (await two.Cache.GetOrCreateAsync("json", NeverAsync<Price>)).ShouldBe(new Price("gold", 7));

        async Task<string> RawAsync(string key)
        {
            byte[]? bytes = null;
            await Soon.TrueAsync(async () => (bytes = (await client.SendAsync(new("HGET", $"core:hybrid:{{{key}}}@{epoch}", "v"))).Bytes) is not null, "it is published");
            return Encoding.UTF8.GetString(bytes!);
        }

        async Task<long> TimeToLiveAsync(string key) => (await client.SendAsync(new("TTL", $"core:hybrid:{{{key}}}@{epoch}"))).Integer;
    }

    [Fact]
    public async Task A_shorter_time_in_memory_is_heeded_also_by_whoever_finds_it_in_Redis()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var node = (await cluster.JoinAsync(1))[0];
        var brief = new HybridCacheEntryOptions { LocalCacheExpiration = TimeSpan.FromTicks(1) };
        await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("v"), brief);
        await Soon.TrueAsync(async () => await node.Cache.GetOrCreateAsync("k", NothingAsync, FromRedisOnly) == "v", "it is published");

        for (var i = 0; i < 2; i++)
        {
            var report = CacheReport.Begin();
            (await node.Cache.GetOrCreateAsync("k", NeverAsync<string>, brief)).ShouldBe("v");
            report.Worst.ShouldBe(CacheSource.SecondLevel);
        }
    }

    [Fact]
    public async Task What_a_caller_leaves_out_is_left_out()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (one, two) = (nodes[0], nodes[1]);

        // Only what is there already, and nothing is.
        (await one.Cache.GetOrCreateAsync("a", NeverAsync<string>, With(HybridCacheEntryFlags.DisableUnderlyingData))).ShouldBeNull();

        // Not into Redis: this node has it, the other one has not.
        await one.Cache.GetOrCreateAsync("a", _ => ValueTask.FromResult("1"), With(HybridCacheEntryFlags.DisableDistributedCacheWrite));
        (await one.Cache.GetOrCreateAsync("a", NeverAsync<string>)).ShouldBe("1");
        (await two.Cache.GetOrCreateAsync("a", NeverAsync<string>, With(HybridCacheEntryFlags.DisableUnderlyingData))).ShouldBeNull();

        // Not into memory: Redis has it.
        await one.Cache.GetOrCreateAsync("b", _ => ValueTask.FromResult("1"), With(HybridCacheEntryFlags.DisableLocalCacheWrite));
        await Soon.TrueAsync(async () => await two.Cache.GetOrCreateAsync("b", NothingAsync, FromRedisOnly) == "1", "it is published");
        var report = CacheReport.Begin();
        (await one.Cache.GetOrCreateAsync("b", NeverAsync<string>)).ShouldBe("1");
        report.Worst.ShouldBe(CacheSource.SecondLevel);

        // Not from memory, but from Redis; then from neither, and what is made takes the place of what was there.
        (await one.Cache.GetOrCreateAsync("b", NeverAsync<string>, With(HybridCacheEntryFlags.DisableLocalCacheRead))).ShouldBe("1");
        (await one.Cache.GetOrCreateAsync("b", _ => ValueTask.FromResult("2"), With(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead))).ShouldBe("2");
        (await one.Cache.GetOrCreateAsync("b", NeverAsync<string>)).ShouldBe("2");
        await Soon.TrueAsync(async () => await two.Cache.GetOrCreateAsync("b", NothingAsync, FromRedisOnly) == "2", "it took the place in Redis");
    }

    [Fact]
    public async Task What_is_set_is_there_on_every_node()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (one, two) = (nodes[0], nodes[1]);
        await one.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("1"));
        await two.Cache.GetOrCreateAsync("k", NeverAsync<string>);

        await one.Cache.SetAsync("k", "2");

        (await one.Cache.GetOrCreateAsync("k", NeverAsync<string>)).ShouldBe("2");
        await Soon.TrueAsync(async () => await two.Cache.GetOrCreateAsync("k", NothingAsync, FromRedisOnly) == "2", "it is published");
        (await two.Cache.GetOrCreateAsync("k", NeverAsync<string>)).ShouldBe("2");
        await two.Cache.SetAsync<string?>("k", null);
        (await one.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("3"))).ShouldBe("3");
    }

    [Fact]
    public async Task Nothing_is_not_kept_nor_what_is_too_large()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = (await cluster.JoinAsync(1))[0];

        (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult<string?>(null))).ShouldBeNull();
        (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("v"))).ShouldBe("v");
        var large = new byte[(1 << 20) + 1];
        (await node.Cache.GetOrCreateAsync("large", _ => ValueTask.FromResult(large))).Length.ShouldBe(large.Length);
        (await node.Cache.GetOrCreateAsync("large", _ => ValueTask.FromResult("small"u8.ToArray()))).ShouldBe("small"u8.ToArray());
    }

    [Fact]
    public async Task Nobody_changes_what_others_get()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = (await cluster.JoinAsync(1))[0];

        (await node.Cache.GetOrCreateAsync("list", _ => ValueTask.FromResult(new List<int> { 1 }))).Add(2);
        (await node.Cache.GetOrCreateAsync("list", NeverAsync<List<int>>)).ShouldBe([1]);
        (await node.Cache.GetOrCreateAsync("bytes", _ => ValueTask.FromResult(new byte[] { 1 })))[0] = 2;
        (await node.Cache.GetOrCreateAsync("bytes", NeverAsync<byte[]>)).ShouldBe([1]);
        // What says of itself that it cannot be changed is not copied.
        var rune = await node.Cache.GetOrCreateAsync("rune", _ => ValueTask.FromResult(new Rune("fehu")));
        (await node.Cache.GetOrCreateAsync("rune", NeverAsync<Rune>)).ShouldBeSameAs(rune);
    }

    [Fact]
    public async Task A_key_that_is_used_for_two_things_answers_each_with_its_own()
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var node = (await cluster.JoinAsync(1))[0];
        await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("text"));

        (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(7))).ShouldBe(7);
        (await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("text"))).ShouldBe("text");
    }

    [Theory]
    [InlineData("a}b")]
    [InlineData("}{@")]
    [InlineData("sg:deck:{1}")]
    [InlineData("Ключ 🎲")]
    public async Task A_key_is_free(string key)
    {
        await using var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString);
        var nodes = await cluster.JoinAsync(2);
        var (one, two) = (nodes[0], nodes[1]);
        await one.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(1));
        await two.Cache.GetOrCreateAsync(key, NeverAsync<int>);

        await one.Cache.RemoveAsync([key, "another"]);

        (await two.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(2))).ShouldBe(2);
        (await one.Cache.GetOrCreateAsync(key, NeverAsync<int>)).ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u001fb")]
    [InlineData("a\\ud800")]
    [InlineData("a\\udc00b")]
    public async Task A_key_by_which_two_could_be_confused_is_refused(string escaped)
    {
        // Metadata of an assembly holds no half pairs.
        var key = System.Text.RegularExpressions.Regex.Unescape(escaped);
        await using var cluster = await CacheCluster.CreateAsync();
        var node = (await cluster.JoinAsync(1))[0];

        await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(1)));
        await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.RemoveAsync(key));
        await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.SetAsync(key, 1));
        await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.RemoveByTagAsync(key));
        await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), tags: [key]));
    }

    [Fact]
    public async Task What_is_too_long_or_too_much_is_refused_and_said()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = (await cluster.JoinAsync(1))[0];
        await node.Cache.SetAsync(new string('k', 1024), 1, tags: Enumerable.Range(0, 16).Select(i => $"{i}"));

        (await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.SetAsync(new string('k', 1025), 1))).Message.ShouldContain("1025 characters; it takes 1 to 1024");
        (await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.SetAsync("k", 1, tags: [new string('t', 129)]))).Message.ShouldContain("1 to 128");
        (await Should.ThrowAsync<ArgumentException>(async () => await node.Cache.SetAsync("k", 1, tags: Enumerable.Range(0, 17).Select(i => $"{i}")))).Message.ShouldContain("up to 16");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await node.Cache.SetAsync("k", 1, new() { Expiration = TimeSpan.Zero }));
    }

    private static HybridCacheEntryOptions With(HybridCacheEntryFlags flags) => new() { Flags = flags };

    private static ValueTask<T> NeverAsync<T>(CancellationToken cancellationToken) => throw new InvalidOperationException("It should have been cached.");

    private static ValueTask<string?> NothingAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    private sealed record Price(string Coin, int Amount);

    [ImmutableObject(true)]
    private sealed record Rune(string Name);
}
