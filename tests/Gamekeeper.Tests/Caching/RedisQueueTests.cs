using Gamekeeper.Batching;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Batching;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Caching;

/// <summary>Rows written behind, waiting in a Redis that several processes share.</summary>
public sealed class RedisQueueTests
{
    [Fact]
    public async Task What_a_killed_process_had_handed_over_is_written_by_another_and_what_it_had_not_is_lost()
    {
        await using var cluster = await CreateAsync();
        var (dying, living) = (await JoinAsync(cluster), await JoinAsync(cluster));
        for (var i = 0; i < 10; i++)
            Beats(dying).Accept(new($"who-{i}", i));
        await Beats(dying).ShareAsync();
        Beats(dying).Waiting.ShouldBe(0);
        // Of the last second: more is not declared to be lost.
        Beats(dying).Accept(new("lost", 1));
        await dying.DieAsync();

        (await Beats(living).WriteAsync()).ShouldBe(10);

        (await Beat.WrittenAsync(cluster.Database)).ShouldBe(Enumerable.Range(0, 10).Select(i => $"who-{i}={i}"));
        (await Beats(living).WriteAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_thousand_beats_of_fifty_on_two_nodes_are_one_statement()
    {
        await using var cluster = await CreateAsync();
        CacheMember[] nodes = [await JoinAsync(cluster), await JoinAsync(cluster)];

        for (var i = 0; i < 1000; i++)
            Beats(nodes[i % 2]).Accept(new($"who-{i / 2 % 50:00}", 7));
        await Beats(nodes[0]).ShareAsync();
        (await Beats(nodes[1]).WriteAsync()).ShouldBe(50);

        (await Beats(nodes[0]).WriteAsync()).ShouldBe(0);
        (await Beat.StatementsAsync(cluster.Database)).ShouldBe(1);
        (await Beat.WrittenAsync(cluster.Database)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task One_node_writes_at_a_time_and_what_comes_meanwhile_is_written_next()
    {
        await using var cluster = await CreateAsync();
        var (one, two) = (await JoinAsync(cluster), await JoinAsync(cluster));
        Beats(one).Accept(new("a", 1));
        await using var held = await HeldBeats.TakeAsync(cluster.Database);
        var writing = Beats(one).WriteAsync();
        await held.SomebodyWaitsAsync();

        Beats(two).Accept(new("a", 2));
        (await Beats(two).WriteAsync()).ShouldBe(0);
        await held.DisposeAsync();
        (await writing).ShouldBe(1);

        // The row that replaced it is still there.
        (await Beats(one).WriteAsync()).ShouldBe(1);
        (await Beat.WrittenAsync(cluster.Database)).ShouldBe(["a=2"]);
    }

    [Fact]
    public async Task What_does_not_fit_into_Redis_waits_in_its_process_and_then_its_callers_are_told()
    {
        await using var cluster = await CreateAsync(o => o with { MaxQueued = 3 });
        var node = await JoinAsync(cluster);
        for (var i = 0; i < 3; i++)
            Beats(node).Accept(new($"who-{i}", 1)).ShouldBeTrue();
        await Beats(node).ShareAsync();
        for (var i = 3; i < 6; i++)
            Beats(node).Accept(new($"who-{i}", 1)).ShouldBeTrue();
        Beats(node).Accept(new("who-0", 2)).ShouldBeFalse();
        await Beats(node).ShareAsync();
        Beats(node).Waiting.ShouldBe(3);

        (await Beats(node).WriteAsync()).ShouldBe(6);
        (await Beat.WrittenAsync(cluster.Database)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Without_the_Redis_that_it_had_a_process_writes_for_itself()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var cluster = await CacheCluster.CreateAsync(redis.ConnectionString, Beat.WrittenBehind());
        await Beat.CreateTableAsync(cluster.Database);
        var node = await JoinAsync(cluster);
        Beats(node).Accept(new("a", 1));
        await redis.KillAsync();
        await Soon.TrueAsync(() => node.Get<RedisClient>().State is not RedisState.Ready, "the loss is noticed");

        (await Beats(node).WriteAsync()).ShouldBe(1);

        (await Beat.WrittenAsync(cluster.Database)).ShouldBe(["a=1"]);
    }

    private static WriteBehind<Beat> Beats(CacheMember node) => node.Get<WriteBehind<Beat>>();

    private static async Task<CacheCluster> CreateAsync(Func<WriteBehindOptions, WriteBehindOptions>? change = null)
    {
        var cluster = await CacheCluster.CreateAsync((await TestRedis.SharedAsync()).ConnectionString, Beat.WrittenBehind(change));
        await Beat.CreateTableAsync(cluster.Database);
        return cluster;
    }

    private static async Task<CacheMember> JoinAsync(CacheCluster cluster)
    {
        var node = await cluster.JoinAsync();
        await Soon.TrueAsync(() => node.Get<IWriteBehindQueue>().IsUsable, "the queue is usable");
        return node;
    }
}
