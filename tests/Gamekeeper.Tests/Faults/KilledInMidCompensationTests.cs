using System.Diagnostics;
using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.Tests.Cli;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Ownership.Compensating;
using Npgsql;

namespace Gamekeeper.Tests.Faults;

/// <summary>
/// A compensation whose process or connection is killed: right after the plan, and at every table that applying it writes. Each time
/// either nothing or everything has moved, and the same command, typed again, ends it.
/// </summary>
public sealed class KilledInMidCompensationTests : Incident
{
    [Theory]
    [InlineData("summoners_grid.card_instances")]
    [InlineData("summoners_grid.ownership_history")]
    [InlineData("summoners_grid.compensated_events")]
    [InlineData("summoners_grid.outbox")]
    public async Task A_connection_that_dies_in_mid_effect_takes_everything_along_and_the_command_does_it_again(string table)
    {
        var plan = await PlanAndDieAsync();
        await using var held = await HoldAsync(HoldTable(table));
        using var process = CliProcess.Start("/nowhere", Environment(), Arguments(plan));
        var (output, talk) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        await EndAsync(await WaitingBackendAsync(process, talk));
        await NothingMovedAsync();
        await ReleaseAsync(held);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));

        process.ExitCode.ShouldBe(0, await talk + await output);
        await EverythingMovedOnceAsync(plan);
    }

    [Fact]
    public async Task A_process_that_is_killed_before_it_has_all_locks_has_done_nothing()
    {
        var plan = await PlanAndDieAsync();
        await using (var held = await HoldAsync($"select id from summoners_grid.card_instances where id = '{CarolsCard}' for update"))
            await KillWhileItWaitsAsync(held, plan);
        await NothingMovedAsync();

        (await CliProcess.RunAsync("/nowhere", Environment(), Arguments(plan))).ExitCode.ShouldBe(0);
        await EverythingMovedOnceAsync(plan);
    }

    // The writes and their commit are on the way together, so the server may end what the process began: all of it.
    [Fact]
    public async Task A_process_that_is_killed_in_mid_effect_leaves_all_or_nothing()
    {
        var plan = await PlanAndDieAsync();
        await using (var held = await HoldAsync(HoldTable("summoners_grid.compensated_events")))
            await KillWhileItWaitsAsync(held, plan);
        if (await CountAsync("summoners_grid.compensations where state = 'applied'") == 0)
        {
            await NothingMovedAsync();
            (await CliProcess.RunAsync("/nowhere", Environment(), Arguments(plan))).ExitCode.ShouldBe(0);
        }
        await EverythingMovedOnceAsync(plan);
    }

    // The process that planned has ended; what it stored is all there is.
    private async Task<string> PlanAndDieAsync()
    {
        await World.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        var planned = await CliProcess.RunAsync("/nowhere", Environment(), "card", "compensate", "--operation", $"{Mint}", "--bad", "player2", "--quarantine", "player1", "--format", "json");
        planned.ExitCode.ShouldBe(0, planned.ToString());
        await NothingMovedAsync();
        return planned.Json.GetProperty("id").GetString()!;
    }

    private async Task EverythingMovedOnceAsync(string plan)
    {
        await OwnersShouldBeAsync(dupe: House, bobs: Bob, carols: Carol);
        var again = await CliProcess.RunAsync("/nowhere", Environment(), Arguments(plan));
        again.ExitCode.ShouldBe(0, again.ToString());
        again.Errors.ShouldContain("It had been applied before");
        (await CountAsync("summoners_grid.ownership_operations where kind = 'compensate'")).ShouldBe(1);
        (await CountAsync("summoners_grid.compensated_events")).ShouldBe(8);
        (await CountAsync("summoners_grid.activity_log where action = 'compensation.apply' and succeeded")).ShouldBe(1);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    private async Task NothingMovedAsync()
    {
        await OwnersShouldBeAsync(dupe: Bob, bobs: Carol, carols: Hacker);
        (await CountAsync("summoners_grid.ownership_operations where kind = 'compensate'")).ShouldBe(0);
        (await CountAsync("summoners_grid.compensated_events")).ShouldBe(0);
        (await CountAsync("summoners_grid.compensations where state = 'applied'")).ShouldBe(0);
        (await CountAsync("summoners_grid.outbox where topic = 'compensation.applied'")).ShouldBe(0);
        (await World.Get<TraceLineage>().RunAsync(new LineageStart.OfOperation(Mint))).ShouldBeOfType<LineageOutcome.Traced>().Lineage.Cards.Count.ShouldBe(3);
        (await World.BreachesAsync()).ShouldBeEmpty();
    }

    private async Task KillWhileItWaitsAsync(NpgsqlConnection held, string plan)
    {
        using var process = CliProcess.Start("/nowhere", Environment(), Arguments(plan));
        var talk = process.StandardError.ReadToEndAsync();
        await WaitingBackendAsync(process, talk);
        process.Kill();
        await process.WaitForExitAsync();
        await ReleaseAsync(held);
        // Its transaction must be over before anyone looks.
        await Soon.TrueAsync(async () => await CountAsync("pg_stat_activity where application_name = 'gamekeeper' and state <> 'idle' and datname = current_database()") == 0);
    }

    private Task<int> EndAsync(int backend) => World.Database.ExecuteAsync(TestRole.Superuser, $"select pg_terminate_backend({backend}, 5000)");

    private async Task<int> WaitingBackendAsync(Process process, Task<string> talk)
    {
        var backend = 0;
        await Soon.TrueAsync(
            async () =>
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"It ended with {process.ExitCode} before it waited: {await talk}");
                backend = await World.Database.ScalarAsync<int>(
                    TestRole.Superuser,
                    "select pid from pg_stat_activity where wait_event_type = 'Lock' and usename = 'gamekeeper_app' and datname = current_database()"
                );
                return backend != 0;
            },
            within: TimeSpan.FromMinutes(2)
        );
        return backend;
    }

    private async Task<NpgsqlConnection> HoldAsync(string statement)
    {
        var connection = await World.Database.OpenAsync(TestRole.Superuser);
        await using var command = new NpgsqlCommand($"begin; {statement}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    // Readers and row locks pass, writers wait.
    private static string HoldTable(string table) => $"lock table {table} in share row exclusive mode";

    private static async Task ReleaseAsync(NpgsqlConnection held)
    {
        await using var command = new NpgsqlCommand("rollback", held);
        await command.ExecuteNonQueryAsync();
    }

    private static string[] Arguments(string plan) => ["card", "compensate", "--apply", plan, "--as", "operator", "--reason", "duped by the shop"];

    private Task<long> CountAsync(string what) => World.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {what}");

    private Dictionary<string, string?> Environment() =>
        new()
        {
            ["ConnectionStrings__Postgres"] = World.Database.ConnectionString(TestRole.App),
            ["ConnectionStrings__PostgresOwner"] = World.Database.ConnectionString(TestRole.Owner),
            ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
        };
}
