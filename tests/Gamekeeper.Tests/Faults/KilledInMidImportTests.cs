using System.Diagnostics;
using System.Text.Json;
using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.Tests.Cli;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;
using Gamekeeper.Tests.SummonersGrid.Importing;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Faults;

/// <summary>
/// Imports that are cancelled between chunks, whose process is killed between its two halves, and whose connection is killed in the
/// middle of a chunk. At the end every good record is there once and every bad one is named.
/// </summary>
public sealed class KilledInMidImportTests : IAsyncLifetime
{
    private const int Players = 5000;
    private const int Cards = 25_000;

    private readonly string _players = Path.GetTempFileName();
    private readonly string _cards = Path.GetTempFileName();
    private readonly string _rejects = Path.GetTempFileName();
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var file in new[] { _players, _cards, _rejects })
            File.Delete(file);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task An_import_that_is_ended_three_ways_ends_complete()
    {
        var bad = StudioFiles.WritePlayers(_players, Players);
        var badCards = StudioFiles.WriteCards(_cards, Cards, Players);

        await CancelAfterAChunkAsync();
        // The core's half of the second chunk is committed, the game's half waits: here its process dies.
        await KillProcessAsync("summoners_grid.users", "players", _players);
        (await ScalarAsync("select count(*) from core.accounts")).ShouldBe(3960);
        (await ScalarAsync("select count(*) from summoners_grid.users")).ShouldBe(1980);
        await KillProcessAsync("core.email_hashes", "players", _players);
        var imported = await KillBackendAsync("core.account_keys", "players", _players);

        imported.ExitCode.ShouldBe(1, imported.ToString());
        imported.Json.GetProperty("outcome").GetString().ShouldBe("imported");
        imported.Json.GetProperty("taken").GetInt64().ShouldBe(Players - bad.Count);
        (await RejectedLinesAsync()).ShouldBe(bad.Keys.Order());
        foreach (var table in new[] { "core.accounts", "core.account_keys", "core.email_hashes", "summoners_grid.users" })
            (await ScalarAsync($"select count(*) from {table}")).ShouldBe(Players - bad.Count, table);
        (await ScalarAsync("select count(*) from summoners_grid.users where experience <> substr(username, 7)::int * 10")).ShouldBe(0);

        await KillProcessAsync("summoners_grid.ownership_history", "cards", _cards);
        var cards = await KillBackendAsync("summoners_grid.ownership_operations", "cards", _cards);

        cards.ExitCode.ShouldBe(1, cards.ToString());
        (await RejectedLinesAsync()).ShouldBe(badCards.Keys.Order());
        (await ScalarAsync("select count(*) from summoners_grid.card_instances")).ShouldBe(Cards - badCards.Count);
        // Every line once: no card doubled, none lost.
        (await ScalarAsync("select count(distinct acquisition_data ->> 'line') from summoners_grid.card_instances")).ShouldBe(Cards - badCards.Count);
        (await _world.BreachesAsync()).ShouldBeEmpty();
        var again = await RunAsync("cards", _cards);
        again.Json.GetProperty("outcome").GetString().ShouldBe("unchanged");
        var listed = await CliProcess.RunAsync("/nowhere", Environment(), "import", "status", "--format", "json");
        listed.Json.EnumerateArray().Select(i => i.GetProperty("kind").GetString()).ShouldBe([ImportPlayers.Kind, ImportCards.Kind]);
        listed.Json.EnumerateArray().ShouldAllBe(i => i.GetProperty("finished_at").ValueKind == JsonValueKind.String);
    }

    private async Task CancelAfterAChunkAsync()
    {
        using var stop = new CancellationTokenSource();
        var file = await ImportFile.OpenAsync(() => File.OpenRead(_players));
        ImportName.TryParse("studio", out var name).ShouldBeTrue();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            _world.Get<ImportPlayers>().RunAsync(Actor.System(_world.Database.Clock), file, new(name), new Told(_ => stop.Cancel()), stop.Token)
        );
        (await ScalarAsync("select lines from summoners_grid.imports")).ShouldBe(2000);
    }

    // kill -9 while its transaction waits for a table that we hold.
    private async Task KillProcessAsync(string table, string kind, string file)
    {
        await using var held = await HoldAsync(table);
        using var process = CliProcess.Start("/nowhere", Environment(), Arguments(kind, file));
        var talk = process.StandardError.ReadToEndAsync();
        await WaitingBackendAsync(process, talk);
        process.Kill();
        await process.WaitForExitAsync();
        // Its transaction must be over before the next one looks.
        await held.ReleaseAsync();
        await Soon.TrueAsync(async () => await ScalarAsync("select count(*) from pg_stat_activity where application_name = 'gamekeeper' and state <> 'idle' and datname = current_database()") == 0);
    }

    private async Task<CliResult> KillBackendAsync(string table, string kind, string file)
    {
        await using var held = await HoldAsync(table);
        using var process = CliProcess.Start("/nowhere", Environment(), Arguments(kind, file));
        var (output, talk) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var backend = await WaitingBackendAsync(process, talk);
        await _world.Database.ExecuteAsync(TestRole.Superuser, $"select pg_terminate_backend({backend})");
        await held.ReleaseAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return new CliResult(process.ExitCode, await output, await talk);
    }

    private async Task<int> WaitingBackendAsync(Process process, Task<string> talk)
    {
        var backend = 0;
        await Soon.TrueAsync(async () =>
        {
            if (process.HasExited)
                throw new InvalidOperationException($"It ended with {process.ExitCode} before it waited: {await talk}");
            backend = await _world.Database.ScalarAsync<int>(
                TestRole.Superuser,
                "select pid from pg_stat_activity where wait_event_type = 'Lock' and usename = 'gamekeeper_app' and datname = current_database()"
            );
            return backend != 0;
        });
        return backend;
    }

    private async Task<HeldTable> HoldAsync(string table)
    {
        var connection = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var command = new NpgsqlCommand($"begin; lock table {table} in share row exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return new HeldTable(connection);
    }

    private Task<CliResult> RunAsync(string kind, string file) => CliProcess.RunAsync("/nowhere", Environment(), Arguments(kind, file));

    private string[] Arguments(string kind, string file) => ["import", kind, file, "--name", "studio", "--rejects", _rejects, "--format", "json"];

    private async Task<List<long>> RejectedLinesAsync()
    {
        var lines = await File.ReadAllLinesAsync(_rejects);
        return [.. lines.Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("line").GetInt64())];
    }

    private Dictionary<string, string?> Environment() =>
        new()
        {
            ["ConnectionStrings__Postgres"] = _world.Database.ConnectionString(TestRole.App),
            ["ConnectionStrings__PostgresOwner"] = _world.Database.ConnectionString(TestRole.Owner),
            ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
        };

    private Task<long> ScalarAsync(string sql) => _world.Database.ScalarAsync<long>(TestRole.Superuser, sql);

    private sealed class HeldTable(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async Task ReleaseAsync()
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
