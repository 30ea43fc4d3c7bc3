using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Transactions;

/// <summary>The server ends our connections, as a restart does.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_read_on_a_connection_that_outlived_its_server_is_read_again()
    {
        var accounts = _database.Get<AccountRepository>();
        (await accounts.FindByUsernameAsync("nobody")).ShouldBeNull();
        await EndConnectionsAsync();
        (await accounts.FindByUsernameAsync("nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task A_write_that_lost_its_connection_before_committing_runs_again_and_has_its_effect_once()
    {
        var runs = 0;
        await _database.Database.WriteAsync(
            Actor.System(_database.Clock),
            async (unit, ct) =>
            {
                unit.Enqueue(new Gamekeeper.Auditing.WriteActivity<CoreSchema>(unit.Actor, new("test.write", null)));
                await unit.FlushAsync(ct);
                if (++runs == 1)
                    await EndConnectionsAsync();
                unit.Enqueue(new Gamekeeper.Auditing.WriteActivity<CoreSchema>(unit.Actor, new("test.second", null)));
                await unit.FlushAsync(ct);
            },
            TestContext.Current.CancellationToken
        );
        runs.ShouldBe(2);
        (await _database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.activity_log where action = 'test.write'")).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_commit_nobody_hears_the_answer_of_work_that_cannot_repeat_is_unknown()
    {
        var unknown = await Should.ThrowAsync<GamekeeperException>(() =>
            _database.Database.WriteAsync(
                Actor.System(_database.Clock),
                async (unit, ct) =>
                {
                    await unit.FlushAsync(ct);
                    await EndConnectionsAsync();
                },
                TestContext.Current.CancellationToken
            )
        );
        unknown.Code.ShouldBe("transactions.outcome-unknown");
    }

    private async Task EndConnectionsAsync() =>
        await _database.ExecuteAsync(
            TestRole.Superuser,
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'gamekeeper_app' and datname = current_database()"
        );
}
