using Gamekeeper.Caching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Caching.Fencing;
using Gamekeeper.Tests.Harness.SampleGame;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Caching;

/// <summary>Several nodes, no Redis: PostgreSQL alone makes them agree.</summary>
public sealed class FenceTests
{
    [Fact]
    public async Task Whoever_reads_after_a_write_was_acknowledged_reads_it_on_every_node()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(0);
        for (var amount = 1; amount <= 5; amount++)
        {
            await one.AmountAsync(coin);
            await two.AmountAsync(coin);
            await one.WriteAsync(coin, amount);
            (await two.AmountAsync(coin)).ShouldBe(amount);
            (await one.AmountAsync(coin)).ShouldBe(amount);
        }
    }

    [Fact]
    public async Task A_process_that_serves_nothing_tells_the_nodes_all_the_same()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);
        await node.AmountAsync(coin);

        // As the command line does: no lease, no Redis.
        await cluster.Database.Database.WriteAsync(
            Actor.System(TimeProvider.System),
            (unit, _) =>
            {
                unit.Enqueue(new SetCoin(coin, 2));
                return Task.CompletedTask;
            }
        );

        (await node.AmountAsync(coin)).ShouldBe(2);
    }

    [Fact]
    public async Task A_writer_waits_for_a_dead_node_no_longer_than_its_lease()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(1);
        await two.AmountAsync(coin);
        await two.PauseAsync();
        two.Cache.IsServing.ShouldBeTrue();

        await one.WriteAsync(coin, 2);

        // Its lease has run out, or the writer would still wait: so it cannot answer with what it holds.
        two.Cache.IsServing.ShouldBeFalse();
        (await two.AmountAsync(coin)).ShouldBe(2);
        two.Wake();
        await two.ServesAsync();
        (await two.AmountAsync(coin)).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_dead_writer_did_not_tell_is_told_by_another_node()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);
        await node.AmountAsync(coin);

        // Committed, and nobody told: a writer that died then, or somebody with psql.
        await cluster.Database.ExecuteAsync(TestRole.App, $"update sample_game.coins set amount = 2 where id = '{coin}'");

        await Soon.TrueAsync(async () => await node.AmountAsync(coin) == 2, "the relay tells", TimeSpan.FromSeconds(5));
        await Soon.TrueAsync(async () => await cluster.WaitingAsync() == 0, "the row is gone");
    }

    [Fact]
    public async Task A_repeat_is_not_answered_before_what_it_repeats_was_told()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var (one, two) = (await cluster.JoinAsync(), await cluster.JoinAsync());
        var coin = await cluster.CoinAsync(1);
        await two.AmountAsync(coin);
        await two.Get<RelayInvalidations>().StopAsync(CancellationToken.None);
        await one.Get<RelayInvalidations>().StopAsync(CancellationToken.None);
        await cluster.Database.ExecuteAsync(TestRole.App, $"update sample_game.coins set amount = 2 where id = '{coin}'");
        (await two.AmountAsync(coin)).ShouldBe(1);

        await one.Get<GameDatabase>().WriteAsync(Actor.System(TimeProvider.System), (unit, _) => Task.FromResult(unit.Replay(true)));

        (await two.AmountAsync(coin)).ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_joins_serves_nothing_until_every_writer_knows_of_it()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        await cluster.JoinAsync();
        await using var late = new CacheMember(cluster, null, redis: null);

        var started = TimeProvider.System.GetTimestamp();
        late.Get<CacheStatistics>().Node().IsJoining.ShouldBeTrue();
        await late.StartAsync();

        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(CacheCluster.Lease);
        late.Get<CacheStatistics>().Node().IsJoining.ShouldBeFalse();
    }

    [Fact]
    public async Task Epochs_and_leases_wait_for_each_other()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        await node.PauseAsync();
        var self = node.Get<NodeId>();

        // A renewal under way: it has read the epoch and has not committed.
        await using var renewing = await cluster.Database.OpenAsync(TestRole.App);
        await using var transaction = await renewing.BeginTransactionAsync();
        await using (var renew = new Npgsql.NpgsqlCommand($"select number from core.renew_cache_lease('{self.Value}', 'x', 1, '10 s')", renewing, transaction))
            await renew.ExecuteScalarAsync();
        var raising = cluster.Database.ScalarAsync<long>(TestRole.App, "select number from core.raise_cache_epoch(null, 'test')");
        await Soon.TrueAsync(
            async () => await cluster.Database.ScalarAsync<long>(TestRole.Owner, "select count(*) from pg_locks where not granted") > 0,
            "the raise waits"
        );
        raising.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();

        var raised = await raising;
        (await cluster.Database.ListAsync<Guid>(TestRole.App, $"select unnest(core.cache_stragglers('{Guid.Empty}', {raised}))")).ShouldBe([self.Value]);
    }

    [Fact]
    public async Task A_write_of_too_many_rows_to_list_voids_everything()
    {
        await using var cluster = await CacheCluster.CreateAsync();
        var node = await cluster.JoinAsync();
        var coin = await cluster.CoinAsync(1);
        await cluster.Database.ExecuteAsync(
            TestRole.App,
            "insert into sample_game.coins (id, owner_id, amount) select id, id, 1 from (select gen_random_uuid() id from generate_series(1, 3000)) ids"
        );
        await node.AmountAsync(coin);
        var before = await cluster.EpochAsync();

        await node.Get<GameDatabase>().WriteAsync(Actor.System(TimeProvider.System), (unit, _) => { unit.Enqueue(new SetAllCoins(9)); return Task.CompletedTask; });

        (await cluster.EpochAsync()).ShouldBeGreaterThan(before);
        (await node.AmountAsync(coin)).ShouldBe(9);
    }
}

file sealed record SetAllCoins(long Amount) : IStatement<SetAllCoins>
{
    public static string Sql => "update sample_game.coins set amount = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Amount);
}
