using System.Net;
using Gamekeeper.Accounts;
using Gamekeeper.Health;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SwitchableRelay _way = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _way = new SwitchableRelay(_database.ConnectionString(TestRole.App));
    }

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Started_before_its_database_the_server_becomes_ready_by_itself()
    {
        var clock = new ManualClock();
        await using var server = await ServerHost.StartAsync(_way.ConnectionString, configure: b => b.Services.AddSingleton<TimeProvider>(clock));
        (await StatusAsync(server, "/health/live")).ShouldBe(200);
        (await StatusAsync(server, "/health/ready")).ShouldBe(503);
        using var refused = await server.Client.GetAsync("/v1/integrity/keys");
        await refused.ProblemAsync(503, "transactions.unavailable");

        _way.On();
        clock.Advance(TimeSpan.FromSeconds(2));
        (await StatusAsync(server, "/health/ready")).ShouldBe(200);
        using var served = await server.Client.GetAsync("/v1/integrity/keys");
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_database_that_stops_makes_it_unready_and_one_that_returns_ready_again()
    {
        var clock = new ManualClock();
        _way.On();
        await using var server = await ServerHost.StartAsync(_way.ConnectionString, configure: b => b.Services.AddSingleton<TimeProvider>(clock));
        (await StatusAsync(server, "/health/ready")).ShouldBe(200);
        await _way.OffAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        (await StatusAsync(server, "/health/ready")).ShouldBe(503);
        (await StatusAsync(server, "/health/live")).ShouldBe(200);
        _way.On();
        clock.Advance(TimeSpan.FromSeconds(2));
        (await StatusAsync(server, "/health/ready")).ShouldBe(200);
    }

    [Fact]
    public async Task An_operator_sees_each_part_with_its_response_time()
    {
        _way.On();
        await using var server = await ServerHost.StartAsync(_way.ConnectionString);
        var key = (CreateServiceKeyOutcome.Created)
            await _database.Get<ServiceKeys>().CreateAsync(new ServiceKeyInput("watch", ["operate"]), Actor.System(_database.Clock));
        using var client = server.NewClient(key.Text);
        using var answer = await client.GetAsync("/health");
        var parts = (await answer.JsonAsync()).GetProperty("parts").EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!);
        parts.Keys.ShouldBe(["pool", "database", "migrations", "partitions", "jobs", "statistics", "checkpoints", "cache"], ignoreOrder: true);
        parts.Values.ShouldAllBe(p => p.GetProperty("status").GetString() == "healthy" && p.GetProperty("responseTimeMs").GetDouble() >= 0);
    }

    [Fact]
    public async Task A_pending_migration_changes_exactly_its_line_and_the_whole()
    {
        await _database.ExecuteAsync(TestRole.Superuser, "delete from core.migrations where name = (select max(name) from core.migrations where schema_name = 'core' and kind = 'sql')");
        var report = await _database.Get<DatabaseHealth>().CheckAsync();
        report.IsReady.ShouldBeFalse();
        var migrations = report.Parts.Single(p => p.Name == "migrations");
        migrations.IsHealthy.ShouldBeFalse();
        migrations.Problem.ShouldNotBeNull().ShouldContain("1 migrations are pending");
        report.Parts.Single(p => p.Name == "database").IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task A_missing_partition_is_named()
    {
        await _database.ExecuteAsync(
            TestRole.Superuser,
            """
            do $$ begin
              execute format('drop table summoners_grid.%I', 'audit_log' || to_char(now() at time zone 'UTC', '_YYYY_MM'));
            end $$
            """
        );
        var report = await _database.Get<DatabaseHealth>().CheckAsync();
        report.Parts.Where(p => !p.IsHealthy).Select(p => p.Name).ShouldBe(["partitions"]);
        report.Parts.Single(p => p.Name == "partitions").Problem.ShouldNotBeNull().ShouldContain("summoners_grid.audit_log");
    }

    [Theory]
    [InlineData(140013, false)]
    [InlineData(150000, true)]
    [InlineData(150020, true)]
    [InlineData(180001, true)]
    public void PostgreSQL_15_is_the_oldest_that_serves(int version, bool supported) => DatabaseHealth.IsSupported(version).ShouldBe(supported);

    private static async Task<int> StatusAsync(ServerHost server, string path)
    {
        using var answer = await server.Client.GetAsync(path);
        return (int)answer.StatusCode;
    }
}
