using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Transactions;

/// <summary>Which connection a caller gets, told by the process of the server at its other end.</summary>
public sealed class WarmConnectionTests
{
    [Fact]
    public async Task After_a_peak_a_single_caller_stays_on_one_connection()
    {
        await using var db = await TestDatabase.CreateAsync();
        (await PeakAsync(db, callers: 8)).ShouldBe(8);

        var met = new HashSet<int>();
        for (var i = 0; i < 20; i++)
            met.Add(await ProcessAsync(db));

        met.Count.ShouldBe(1);
        (await db.Database.WriteAsync(Actor.System(db.Clock), (unit, ct) => unit.FirstAsync(new ServerProcess(), ct))).ShouldBe(met.Single());
    }

    [Fact]
    public async Task After_a_minute_in_which_nobody_came_connections_are_new()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Configure: s => s.AddSingleton<TimeProvider>(clock)));
        await PeakAsync(db, callers: 3);
        var before = await ProcessAsync(db);

        clock.Advance(TimeSpan.FromSeconds(59));
        (await ProcessAsync(db)).ShouldBe(before);
        clock.Advance(TimeSpan.FromSeconds(61));
        (await ProcessAsync(db)).ShouldNotBe(before);

        await Soon.TrueAsync(async () => await OpenAsync(db) == 1, "those before are closed");
    }

    [Fact]
    public async Task Connections_that_the_server_ended_are_not_tried_one_after_the_other()
    {
        await using var db = await TestDatabase.CreateAsync();
        await PeakAsync(db, callers: 8);
        await db.ExecuteAsync(
            TestRole.Superuser,
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'gamekeeper_app' and datname = current_database()"
        );

        await PeakAsync(db, callers: 8);
    }

    [Fact]
    public async Task A_refusal_keeps_its_connection_and_a_failure_does_not_spoil_the_next_caller()
    {
        await using var db = await TestDatabase.CreateAsync();
        var process = await db.Database.WriteAsync(
            Actor.System(db.Clock),
            async (unit, ct) => unit.Refuse(await unit.FirstAsync(new ServerProcess(), ct))
        );
        (await ProcessAsync(db)).ShouldBe(process);

        await Should.ThrowAsync<PostgresException>(db.Database.FirstAsync(new DivideByZero(), TestContext.Current.CancellationToken));
        await Should.ThrowAsync<InvalidCastException>(() =>
            db.Database.WriteAsync<bool>(
                Actor.System(db.Clock),
                async (unit, ct) =>
                {
                    await unit.FlushAsync(ct);
                    throw new InvalidCastException("planted");
                }
            )
        );
        (await db.Database.FirstAsync(new WhoActs(), TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Callers_who_wait_for_one_of_few_connections_are_served()
    {
        var one = new TestDatabaseOptions(
            Configure: s => s.Configure<GameDatabaseOptions>(o => (o.MaxConnections, o.ConnectTimeout) = (1, TimeSpan.FromSeconds(30)))
        );
        await using var db = await TestDatabase.CreateAsync(one);

        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async _ =>
            {
                for (var i = 0; i < 100; i++)
                    await ProcessAsync(db);
            })
        );

        (await OpenAsync(db)).ShouldBe(1);
    }

    // Each holds a connection until all have one. Returns how many there were.
    private static async Task<int> PeakAsync(TestDatabase db, int callers)
    {
        var (arrived, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var processes = await Task.WhenAll(
            Enumerable.Range(0, callers).Select(_ =>
                db.Database.ReadAsync(
                    ReadConsistency.Strong,
                    actor: null,
                    async (scope, ct) =>
                    {
                        var process = await scope.FirstAsync(new ServerProcess(), ct);
                        if (Interlocked.Increment(ref arrived) == callers)
                            all.SetResult();
                        await all.Task;
                        return process;
                    }
                )
            )
        );
        return processes.Distinct().Count();
    }

    private static Task<int> ProcessAsync(TestDatabase db) => db.Database.FirstAsync(new ServerProcess(), TestContext.Current.CancellationToken);

    private static Task<long> OpenAsync(TestDatabase db) =>
        db.ScalarAsync<long>(
            TestRole.Superuser,
            "select count(*) from pg_stat_activity where usename = 'gamekeeper_app' and datname = current_database()"
        );
}

file sealed record ServerProcess : IQuery<ServerProcess, int>
{
    public static string Sql => "select pg_backend_pid()";

    public void Bind(StatementParameters parameters) { }

    public static int Read(NpgsqlDataReader row) => row.GetInt32(0);
}

file sealed record DivideByZero : IQuery<DivideByZero, int>
{
    public static string Sql => "select 1 / 0";

    public void Bind(StatementParameters parameters) { }

    public static int Read(NpgsqlDataReader row) => row.GetInt32(0);
}

// Set for a transaction only: empty means that none was left open.
file sealed record WhoActs : IQuery<WhoActs, string>
{
    public static string Sql => "select coalesce(current_setting('app.current_actor_kind', true), '')";

    public void Bind(StatementParameters parameters) { }

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}
