using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness;

public sealed class HarnessTests
{
    [Fact]
    public async Task A_test_database_is_migrated_and_reached_as_the_application_role()
    {
        await using var db = await TestDatabase.CreateAsync();

        (await db.Database.FirstAsync(new WhoAmI())).ShouldBe(("gamekeeper_app", db.Name, "30s"));
        (await db.ScalarAsync<long>(TestRole.App, "select count(*) from core.migrations where applied_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task What_one_test_writes_no_other_sees()
    {
        await using var one = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();

        await one.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)");

        (await one.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins")).ShouldBe(1);
        (await other.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins")).ShouldBe(0);
    }

    [Fact]
    public async Task The_relay_counts_what_travels_together_once()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        Task OneQueryAsync() => db.Database.FirstAsync(new WhoAmI());
        Task WriteOfTwoStatementsAsync() =>
            db.Database.WriteAsync(
                Actor.System(db.Clock),
                async (unit, ct) =>
                {
                    await unit.ListAsync(new WhoAmI(), ct);
                    unit.Enqueue(new WhoAmI());
                    unit.Enqueue(new WhoAmI());
                }
            );
        await OneQueryAsync();
        await WriteOfTwoStatementsAsync();

        (await db.RoundTrips.MeasureAsync(OneQueryAsync)).ShouldBe(1);
        (await db.RoundTrips.MeasureAsync(WriteOfTwoStatementsAsync)).ShouldBe(2);
    }

    [Fact]
    public async Task A_delay_on_the_manual_clock_ends_when_the_clock_gets_there()
    {
        var clock = new ManualClock();
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock, CancellationToken.None);
        await clock.SomebodyWaitsAsync();

        clock.Advance(TimeSpan.FromSeconds(59));
        delay.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        await delay;
    }
}

file sealed record WhoAmI : IQuery<WhoAmI, (string Role, string Database, string Timeout)>
{
    public static string Sql => "select current_user::text, current_database()::text, current_setting('statement_timeout')";

    public void Bind(StatementParameters parameters) { }

    public static (string Role, string Database, string Timeout) Read(NpgsqlDataReader row) => (row.GetString(0), row.GetString(1), row.GetString(2));
}
