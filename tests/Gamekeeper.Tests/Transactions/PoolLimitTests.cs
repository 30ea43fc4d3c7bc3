using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Transactions;

public sealed class PoolLimitTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_hundred_callers_share_the_connections_that_one_process_may_hold()
    {
        var limit = new GameDatabaseOptions().MaxConnections;
        limit.ShouldBe(20);
        // Eighty of them wait for a connection; on a busy machine longer than the five seconds of the default.
        var patient = new TestDatabaseOptions(Configure: s => s.Configure<GameDatabaseOptions>(o => o.ConnectTimeout = TimeSpan.FromMinutes(1)));
        await using var db = await TestDatabase.CreateAsync(patient);
        await using var watch = await db.OpenAsync(TestRole.Superuser);
        await RunAsync("select pg_advisory_lock(7)");

        var callers = Enumerable.Range(0, 100).Select(_ => CallAsync()).ToList();
        await Soon.TrueAsync(async () => await HeldAsync() >= limit, "the gate is shut, and every connection stands before it");
        await RunAsync("select pg_advisory_unlock(7)");
        var most = limit;
        while (!callers.TrueForAll(c => c.IsCompleted))
            most = Math.Max(most, await HeldAsync());

        await Task.WhenAll(callers);
        most.ShouldBe(limit);

        async Task CallAsync()
        {
            for (var call = 0; call < 5; call++)
                await db.Database.WriteAsync(Actor.System(db.Clock), (unit, ct) => unit.FirstAsync(new PassTheGate(), ct));
        }

        async Task<int> HeldAsync() =>
            (int)(long)(await RunAsync("select count(*) from pg_stat_activity where datname = current_database() and usename = 'gamekeeper_app'"))!;

        async Task<object?> RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, watch);
            return await command.ExecuteScalarAsync();
        }
    }
}

file sealed record PassTheGate : IQuery<PassTheGate, bool>
{
    public static string Sql => "select pg_advisory_xact_lock_shared(7) is not null";

    public void Bind(StatementParameters parameters) { }

    public static bool Read(NpgsqlDataReader row) => true;
}
