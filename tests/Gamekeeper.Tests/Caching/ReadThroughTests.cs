using Gamekeeper.Tests.Harness;
using Gamekeeper.Caching;
using Gamekeeper.Transactions;
using Gamekeeper.Tests.Harness.SampleGame;

namespace Gamekeeper.Tests.Caching;

/// <summary>One node: what is loaded, kept, dropped and shared.</summary>
public sealed class ReadThroughTests
{
    [Fact]
    public async Task A_value_is_loaded_once_and_read_from_memory_then()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(7);

        (await node.AmountAsync(coin)).ShouldBe(7);
        (await node.AmountAsync(coin)).ShouldBe(7);

        node.Loads.ShouldBe(1);
        (node.Counts.Loaded, node.Counts.FirstLevel).ShouldBe((1, 1));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_kept()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var unknown = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        (await node.ReadAsync(unknown)).ShouldBeNull();
        await cluster.Database.ExecuteAsync(
            TestRole.App,
            $"insert into sample_game.coins (id, owner_id, amount) values ('{unknown}', '{unknown}', 3)"
        );

        (await node.AmountAsync(unknown)).ShouldBe(3);
    }

    [Fact]
    public async Task A_hundred_callers_share_one_load()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(7);

        var read = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => node.ReadAsync(coin).AsTask()));

        read.ShouldAllBe(c => c!.Amount == 7);
        node.Loads.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_that_goes_does_not_end_the_load_of_the_others()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(7);
        var release = new TaskCompletionSource();
        using var going = new CancellationTokenSource();

        var first = node.Cache.GetAsync(
            CachedCoin.Key,
            coin,
            release.Task,
            static async (hold, id, _) =>
            {
                await hold;
                return new CachedCoin(id, 7);
            },
            going.Token
        );
        var second = node.ReadAsync(coin);
        await going.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first.AsTask());
        release.SetResult();

        (await second)!.Amount.ShouldBe(7);
        node.Loads.ShouldBe(0);
    }

    [Fact]
    public async Task A_failed_load_reaches_every_caller_and_is_not_kept()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(7);

        await Should.ThrowAsync<InvalidOperationException>(
            node.Cache.GetAsync(CachedCoin.Key, coin, 0, static (_, _, _) => Task.FromException<CachedCoin?>(new InvalidOperationException())).AsTask()
        );

        (await node.AmountAsync(coin)).ShouldBe(7);
    }

    [Fact]
    public async Task A_load_that_read_before_a_write_is_not_kept_after_it()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);
        var release = new TaskCompletionSource();
        var hasRead = new TaskCompletionSource();

        var early = node.ReadAsync(coin, release.Task, hasRead);
        await hasRead.Task;
        await node.WriteAsync(coin, 2);
        // Whoever comes after the write does not join the load from before it.
        (await node.AmountAsync(coin)).ShouldBe(2);
        release.SetResult();

        // It began before the write was acknowledged, so either would do; what it read must not stay.
        (await early)!.Amount.ShouldBe(1);
        (await node.AmountAsync(coin)).ShouldBe(2);
    }

    [Fact]
    public async Task A_write_that_is_rolled_back_drops_nothing()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);
        await node.AmountAsync(coin);
        await Soon.TrueAsync(async () => await cluster.WaitingAsync() == 0, "the making of the coin was told");
        var dropped = node.Counts.Dropped;

        await node.Get<GameDatabase>()
            .WriteAsync(
                Actor.System(TimeProvider.System),
                async (unit, ct) =>
                {
                    unit.Enqueue(new SetCoin(coin, 2));
                    await unit.FlushAsync(ct);
                    return unit.Refuse(false);
                }
            );

        (await node.AmountAsync(coin)).ShouldBe(1);
        node.Counts.Dropped.ShouldBe(dropped);
        (await cluster.WaitingAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Without_PostgreSQL_the_last_value_is_answered_and_marked_stale()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync(o => o.StaleAfter = TimeSpan.FromMilliseconds(50));
        var coin = await cluster.CoinAsync(7);
        await node.AmountAsync(coin);
        await node.PauseAsync();
        await Soon.TrueAsync(() => !node.Cache.IsServing, "the lease runs out");
        var report = CacheReport.Begin();

        var stale = await node.Cache.GetAsync(
            CachedCoin.Key,
            coin,
            0,
            static (_, _, _) => Task.FromException<CachedCoin?>(new GamekeeperException("transactions.unavailable", "away"))
        );

        stale!.Amount.ShouldBe(7);
        report.Worst.ShouldBe(CacheSource.Stale);
        // A kind that may not be answered stale fails instead.
        await Should.ThrowAsync<GamekeeperException>(
            node.Cache.GetAsync(CachedCoin.BoundedKey, coin, 0, static (_, _, _) => Task.FromException<CachedCoin?>(new GamekeeperException("transactions.unavailable", "away"))).AsTask()
        );
    }
}
