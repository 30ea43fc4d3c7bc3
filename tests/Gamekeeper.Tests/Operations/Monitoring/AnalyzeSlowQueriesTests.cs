using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Operations.Monitoring;

public sealed class AnalyzeSlowQueriesTests
{
    private const string Person = "Grace Hopper";

    [Fact]
    public async Task A_slow_statement_is_listed_with_all_five_figures_and_without_its_parameters()
    {
        await using var db = await TestDatabase.CreateAsync();
        foreach (var seconds in new[] { 0.15, 0.25 })
            await db.Database.ListAsync(new SlowRows(seconds, Person));
        await db.Database.ListAsync(new QuickRows());

        var slow = await db.Get<AnalyzeSlowQueries>().RunAsync();

        slow.Source.ShouldBe(SlowQuerySource.Server);
        slow.Note.ShouldBeNull();
        var found = slow.Items.Single(q => q.Query.StartsWith("/* AnalyzeSlowQueriesTests.SlowRows */ select", StringComparison.Ordinal));
        found.Query.ShouldBe("/* AnalyzeSlowQueriesTests.SlowRows */ select n, $2 as whose from generate_series($3, $4) n cross join pg_sleep($1) s");
        found.Calls.ShouldBe(2);
        found.Rows.ShouldBe(6);
        found.TotalTime.ShouldBeGreaterThan(400);
        found.MeanTime.ShouldBe(found.TotalTime / 2, 0.01);
        slow.Since.ShouldNotBeNull();
        slow.Items.ShouldAllBe(q => q.MeanTime > 100 && !q.Query.Contains("QuickRows", StringComparison.Ordinal));
        slow.Items.Select(q => q.MeanTime).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task At_most_twenty_are_told_the_slowest_ones_above_the_limit()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict(o => o.SlowMean = TimeSpan.FromMilliseconds(20)));
        await db.ExecuteAsync(TestRole.Owner, string.Concat(Enumerable.Range(1, 25).Select(n => $"select pg_sleep(0.03){string.Concat(Enumerable.Repeat(", 1", n))};")));

        var slow = await db.Get<AnalyzeSlowQueries>().RunAsync();

        slow.Items.Count.ShouldBe(20);
        slow.Items.ShouldAllBe(q => q.MeanTime > 20);
    }

    [Fact]
    public async Task What_runs_in_another_database_is_not_told()
    {
        await using var other = await TestDatabase.CreateAsync();
        await using var db = await TestDatabase.CreateAsync();
        await other.ExecuteAsync(TestRole.App, "select pg_sleep(0.15) as elsewhere");

        (await db.Get<AnalyzeSlowQueries>().RunAsync()).Items.ShouldAllBe(q => !q.Query.Contains("elsewhere", StringComparison.Ordinal));
        (await other.Get<AnalyzeSlowQueries>().RunAsync()).Items.ShouldContain(q => q.Query.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Utility_statements_of_this_database_show_their_first_words_alone()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict(o => o.SlowMean = TimeSpan.Zero));
        await db.ExecuteAsync(TestRole.App, $"set application_name = '{Person}'");
        await db.ExecuteAsync(TestRole.Owner, $"comment on schema sample_game is '{Person}'");
        await db.ExecuteAsync(TestRole.App, $"select pg_sleep(0.1), '{Person}'");

        var slow = await db.ListAsync<string>(TestRole.App, "select query from core.slow_statements(0, 10000)");

        slow.ShouldContain("set …");
        slow.ShouldContain("comment …");
        slow.ShouldContain("select pg_sleep($1), $2");
        slow.ShouldAllBe(q => !q.Contains("Grace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_who_look_may_ask_and_read_no_text_past_the_function()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Owner, "select pg_sleep(0.15) as of_the_owner");
        foreach (var role in new[] { TestRole.App, TestRole.Readonly, TestRole.Auditor })
            await MayOnlyAskAsync(db, role);
    }

    private static async Task MayOnlyAskAsync(TestDatabase db, TestRole role)
    {
        (await db.ListAsync<string>(role, "select query from core.slow_statements(100, 20)")).ShouldContain("select pg_sleep($1) as of_the_owner");
        (await Should.ThrowAsync<PostgresException>(db.ListAsync<string>(role, "select query from public.pg_stat_statements"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(db.ListAsync<string>(role, "select query from public.pg_stat_statements(true)"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(db.ListAsync<string>(role, "select staattnum from pg_catalog.pg_statistic"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("drop extension pg_stat_statements", "not in this database")]
    [InlineData("drop function core.slow_statements(double precision, int)", "migrate up")]
    [InlineData("revoke execute on function core.slow_statements(double precision, int) from gamekeeper_app", "This role may not ask")]
    [InlineData("alter function core.slow_statements(double precision, int) owner to gamekeeper_search", "may not read pg_stat_statements")]
    public async Task Where_the_server_cannot_be_asked_this_process_tells_what_it_measured_and_why(string broken, string why)
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Superuser, "grant create on schema core to gamekeeper_search;" + broken);
        await db.Database.ListAsync(new SlowRows(0.15, Person));
        await db.Database.ListAsync(new QuickRows());

        var slow = await db.Get<AnalyzeSlowQueries>().RunAsync();

        slow.Source.ShouldBe(SlowQuerySource.Process);
        slow.Note.ShouldNotBeNull().ShouldContain(why);
        slow.Since.ShouldBe(db.Database.TimedSince);
        // On a busy machine more may be slow by this process's clock.
        slow.Items.ShouldAllBe(q => q.MeanTime > 100);
        var found = slow.Items.Single(q => q.Query == "AnalyzeSlowQueriesTests.SlowRows");
        found.Calls.ShouldBe(1);
        found.MeanTime.ShouldBeGreaterThan(150);
        found.TotalTime.ShouldBe(found.MeanTime);
        found.Rows.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_never_loaded_the_library_is_told_by_report_and_health()
    {
        var folder = Directory.CreateTempSubdirectory("gkt-").FullName;
        await using var server = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions
            {
                Directory = folder,
                Durability = Durability.None,
                Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "" },
            },
            TestContext.Current.CancellationToken
        );
        var address = server.ConnectionString("postgres");
        await using (var connection = new NpgsqlConnection(address))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            // The extension can be made all the same, and fails whoever asks it.
            await using var create = new NpgsqlCommand("create extension pg_stat_statements", connection);
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await using var database = new GameDatabase(
            Microsoft.Extensions.Options.Options.Create(new GameDatabaseOptions { ConnectionString = address }),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<GameDatabase>.Instance,
            TimeProvider.System
        );

        var slow = await new AnalyzeSlowQueries(database, Microsoft.Extensions.Options.Options.Create(new MonitoringOptions())).RunAsync(TestContext.Current.CancellationToken);
        var health = await new StatisticsHealth(database, TimeProvider.System).CheckAsync(TestContext.Current.CancellationToken);

        slow.Source.ShouldBe(SlowQuerySource.Process);
        slow.Note.ShouldNotBeNull().ShouldContain("shared_preload_libraries");
        health.IsHealthy.ShouldBeFalse();
        health.Problem.ShouldNotBeNull().ShouldContain("shared_preload_libraries");
        await server.StopAsync(StopMode.Immediate, TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
    }
}

file sealed record SlowRows(double Seconds, string Whose) : IQuery<SlowRows, int>
{
    public static string Sql => "select n, $2 as whose from generate_series(1, 3) n cross join pg_sleep($1) s";

    public void Bind(StatementParameters parameters) => parameters.Add(Seconds).Add(Whose);

    public static int Read(NpgsqlDataReader row) => row.GetInt32(0);
}

file sealed record QuickRows : IQuery<QuickRows, int>
{
    public static string Sql => "select 1";

    public void Bind(StatementParameters parameters) { }

    public static int Read(NpgsqlDataReader row) => row.GetInt32(0);
}
