using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Matches;
using Npgsql;

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
    public async Task A_match_that_is_just_finishing_is_waited_for_and_counted_once()
    {
        await PlayAsync(winner: A);
        var match = await StartAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set total_games = 50, games_won = 0");

        // What FinishMatch does, held just before its commit.
        await using var finishing = await World.Database.OpenAsync(TestRole.Superuser);
        await RunAsync(
            finishing,
            $"""
            begin;
            update summoners_grid.users set total_games = total_games + 1 where id in ('{A.Key}', '{B.Key}');
            update summoners_grid.game_sessions
            set status = 'completed', end_time = start_time, duration_seconds = 0, rating_changes = '[]'
            where id = '{match.Id}';
            """
        );
        var recount = RunAsync();
        await SomeoneWaitsAsync(1);
        await RunAsync(finishing, "commit");
        await recount;

        (await NumbersAsync(A)).Total.ShouldBe(2);
        (await NumbersAsync(B)).Total.ShouldBe(2);
        (await RunAsync()).ShouldBe(0, "nothing was left to mend");
    }

    [Fact]
    public async Task A_match_that_finishes_behind_the_count_waits_and_adds_itself()
    {
        await PlayAsync(winner: A);
        var match = await StartAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set total_games = 50, games_won = 0");

        // The count has been made and its commit is held up.
        await using var held = await World.Database.OpenAsync(TestRole.Superuser);
        await RunAsync(held, "begin; lock table summoners_grid.audit_log in share mode");
        var recount = RunAsync();
        await SomeoneWaitsAsync(1);
        var finish = FinishAsync(match, winner: B);
        await SomeoneWaitsAsync(2);
        await RunAsync(held, "commit");
        await recount;

        (await finish).ShouldBeOfType<EndMatchOutcome.Ended>();
        ((await NumbersAsync(A)).Total, (await NumbersAsync(B)).Won).ShouldBe((2, 1));
        (await RunAsync()).ShouldBe(0, "nothing was left to mend");
    }

    private Task SomeoneWaitsAsync(int sessions) =>
        Soon.TrueAsync(async () =>
            await World.Database.ScalarAsync<long>(
                TestRole.Superuser,
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ) >= sessions
        );

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
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
