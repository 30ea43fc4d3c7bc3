using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Matches;

namespace Gamekeeper.Tests.SummonersGrid.Players;

public sealed class UpdateUserStatisticsTests : TwoPlayers
{
    [Fact]
    public async Task Corrupted_counters_are_restored_from_the_matches_and_ratings_stay()
    {
        var c = await World.NewPlayerAsync();
        await PlayAsync(winner: A);
        await PlayAsync(winner: A, a: B, b: A);
        await PlayAsync(winner: null, a: c, b: A);
        await StartAsync();
        var counted = (await NumbersAsync(A), await NumbersAsync(B), await NumbersAsync(c));
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set total_games = 77, games_won = 70 where id in ('{A.Key}', '{c.Key}')");
        (await NumbersAsync(A)).Total.ShouldBe(77);

        (await RunAsync()).ShouldBe(2, "only what differs is written");
        (await NumbersAsync(A), await NumbersAsync(B), await NumbersAsync(c)).ShouldBe(counted);
        (await NumbersAsync(A)).Total.ShouldBe(3);
        (await RunAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Many_players_are_counted_bite_by_bite_and_a_bite_may_run_again()
    {
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            """
            set session_replication_role = replica;
            insert into summoners_grid.users (id, username, total_games, games_won) select gen_random_uuid(), 'many' || i, 9, 3 from generate_series(1, 1200) i
            """
        );
        var migration = World.Get<UpdateUserStatistics>();
        var first = await migration.StepAsync(null, CancellationToken.None);
        first.Done.ShouldBeFalse();
        (await migration.StepAsync(null, CancellationToken.None)).Changed.ShouldBe(0);
        var changed = first.Changed;
        for (var step = first; !step.Done; changed += step.Changed)
            step = await migration.StepAsync(step.Progress, CancellationToken.None);
        changed.ShouldBe(1200);
        (await World.Database.ScalarAsync<long>(TestRole.App, "select sum(total_games + games_won) from summoners_grid.users")).ShouldBe(0);
    }

    [Fact]
    public async Task Matches_that_finish_meanwhile_are_counted_once()
    {
        await PlayAsync(winner: A);
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set total_games = 50, games_won = 0");
        var matches = new List<Gamekeeper.SummonersGrid.Matches.Match>();
        for (var i = 0; i < 20; i++)
            matches.Add(await StartAsync());
        await Task.WhenAll([RunAsync(), .. matches.Select(m => FinishAsync(m, winner: B)), RunAsync()]);
        (await NumbersAsync(A)).Total.ShouldBe(21);
        (await NumbersAsync(B)).Won.ShouldBe(20);
        (await RunAsync()).ShouldBe(0, "nothing was left to mend");
    }

    private async Task<long> RunAsync()
    {
        var (changed, progress) = (0L, (string?)null);
        while (true)
        {
            var step = await World.Get<UpdateUserStatistics>().StepAsync(progress, CancellationToken.None);
            (changed, progress) = (changed + step.Changed, step.Progress);
            if (step.Done)
                return changed;
        }
    }
}
