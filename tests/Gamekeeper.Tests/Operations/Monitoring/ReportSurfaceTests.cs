using Gamekeeper.Tests.Cli;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Server;

namespace Gamekeeper.Tests.Operations.Monitoring;

/// <summary>The reports as people get them: over the wire and from the command.</summary>
public sealed class ReportSurfaceTests : IAsyncLifetime
{
    private ServerWorld _world = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync();
        _operator = await _world.ServiceAsync("operate");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact(Timeout = 120_000)]
    public async Task A_slow_statement_is_in_both_with_all_five_figures()
    {
        await _world.Database.ExecuteAsync(TestRole.App, "select n, pg_sleep(0.06) from generate_series(1, 3) n");

        using var answer = await _operator.GetAsync("/v1/ops/database/slow-queries", TestContext.Current.CancellationToken);
        var wire = await answer.JsonAsync();
        wire.GetProperty("source").GetString().ShouldBe("server");
        var overWire = wire.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("query").GetString() == "select n, pg_sleep($1) from generate_series($2, $3) n");
        overWire.GetProperty("calls").GetInt64().ShouldBe(1);
        overWire.GetProperty("rows").GetInt64().ShouldBe(3);
        overWire.GetProperty("totalTime").GetDouble().ShouldBeGreaterThan(180);
        overWire.GetProperty("meanTime").GetDouble().ShouldBe(overWire.GetProperty("totalTime").GetDouble());

        var told = await RunAsync(TestRole.App, "db", "slow", "--format", "json");
        told.ExitCode.ShouldBe(0, told.ToString());
        told.Json.GetProperty("source").GetString().ShouldBe("server");
        var inCommand = told.Json.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("query").GetString() == "select n, pg_sleep($1) from generate_series($2, $3) n");
        inCommand.GetProperty("calls").GetInt64().ShouldBe(1);
        inCommand.GetProperty("rows").GetInt64().ShouldBe(3);
        inCommand.GetProperty("total_time").GetDouble().ShouldBe(overWire.GetProperty("totalTime").GetDouble());
        inCommand.GetProperty("mean_time").GetDouble().ShouldBe(overWire.GetProperty("meanTime").GetDouble());

        var text = await RunAsync(TestRole.Readonly, "db", "slow");
        text.ExitCode.ShouldBe(0, text.ToString());
        text.Output.ShouldContain("select n, pg_sleep($1)");
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_pg_stat_statements_both_say_who_measured_and_health_is_degraded_and_served()
    {
        await _world.Database.ExecuteAsync(TestRole.Superuser, "drop extension pg_stat_statements");

        using var answer = await _operator.GetAsync("/v1/ops/database/slow-queries", TestContext.Current.CancellationToken);
        var wire = await answer.JsonAsync();
        wire.GetProperty("source").GetString().ShouldBe("process");
        wire.GetProperty("note").GetString().ShouldNotBeNull().ShouldContain("pg_stat_statements");
        using var health = await _operator.GetAsync("/health", TestContext.Current.CancellationToken);
        ((int)health.StatusCode).ShouldBe(200);
        var detail = await health.JsonAsync();
        detail.GetProperty("status").GetString().ShouldBe("degraded");
        var part = detail.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "statistics");
        part.GetProperty("status").GetString().ShouldBe("degraded");
        part.GetProperty("problem").GetString().ShouldNotBeNull().ShouldContain("pg_stat_statements");

        var told = await RunAsync(TestRole.App, "db", "slow");
        told.ExitCode.ShouldBe(3, told.ToString());
        told.Errors.ShouldContain("pg_stat_statements");
    }

    [Fact(Timeout = 120_000)]
    public async Task Sizes_columns_and_indexes_are_in_both()
    {
        await _world.Database.ExecuteAsync(TestRole.Superuser, "analyze core.migrations; drop index summoners_grid.idx_trade_proposals_operation");

        using var sizes = await _operator.GetAsync("/v1/ops/database/table-sizes", TestContext.Current.CancellationToken);
        var total = await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select pg_total_relation_size('core.migrations')");
        Named(await sizes.JsonAsync(), "items", "migrations").GetProperty("total").GetInt64().ShouldBe(total);
        using var columns = await _operator.GetAsync("/v1/ops/database/column-statistics?table=core.migrations", TestContext.Current.CancellationToken);
        (await columns.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBeGreaterThan(3);
        using var indexes = await _operator.GetAsync("/v1/ops/database/index-advice", TestContext.Current.CancellationToken);
        var missing = Named(await indexes.JsonAsync(), "findings", "trade_proposals");
        missing.GetProperty("check").GetString().ShouldBe("unindexed-foreign-key");

        foreach (var role in new[] { TestRole.App, TestRole.Readonly, TestRole.Auditor })
        {
            var told = await RunAsync(role, "db", "sizes", "--format", "json");
            told.ExitCode.ShouldBe(0, told.ToString());
            told.Json.EnumerateArray().Single(t => t.GetProperty("table").GetString() == "migrations").GetProperty("total").GetInt64().ShouldBe(total);
        }
        (await RunAsync(TestRole.Auditor, "db", "sizes", "--partitions")).Output.ShouldContain("  audit_log_20");
        var report = await RunAsync(TestRole.Auditor, "db", "columns", "core.migrations", "--format", "json");
        report.Json.GetProperty("items").EnumerateArray().ShouldContain(c => c.GetProperty("column").GetString() == "name" && c.GetProperty("n_distinct").GetDouble() == -1);
        var advice = await RunAsync(TestRole.Readonly, "db", "indexes");
        advice.ExitCode.ShouldBe(1, advice.ToString());
        advice.Output.ShouldContain("create index concurrently idx_trade_proposals_operation on summoners_grid.trade_proposals (operation_id);");
        advice.Output.ShouldContain("not judged: unused-index: The counters are too young");
    }

    private static System.Text.Json.JsonElement Named(System.Text.Json.JsonElement answer, string list, string table) =>
        answer.GetProperty(list).EnumerateArray().Single(t => t.GetProperty("table").GetString() == table);

    private Task<CliResult> RunAsync(TestRole role, params string[] arguments) =>
        CliProcess.RunAsync(
            "/nowhere",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__Postgres"] = _world.Database.ConnectionString(role),
                ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
            },
            arguments
        );
}
