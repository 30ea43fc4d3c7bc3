using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;

namespace Gamekeeper.Tests.Cli;

public sealed class CheckpointVerbTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gks-").FullName;
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Made_listed_and_verified_and_a_removed_row_ends_with_1()
    {
        var cards = await _world.MintAsync(await _world.NewPlayerAsync(), 2);
        (await RunAsync("checkpoint", "verify")).Output.ShouldContain("no checkpoint yet");
        var made = await RunAsync("checkpoint", "make");
        made.ExitCode.ShouldBe(0, made.ToString());
        made.Output.ShouldContain("checkpoint 1");
        (await RunAsync("checkpoint", "list", "--format", "json")).Json[0].GetProperty("number").GetInt32().ShouldBe(1);
        var holds = await RunAsync("checkpoint", "verify", "--since", "1");
        holds.ExitCode.ShouldBe(0, holds.ToString());
        var nothing = await RunAsync("checkpoint", "verify", "--since", "2");
        nothing.ExitCode.ShouldBe(1, nothing.ToString());
        nothing.Output.ShouldContain("Nothing was checked");
        (await RunAsync("verify")).ExitCode.ShouldBe(0);

        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"set session_replication_role = replica; delete from summoners_grid.audit_log where record_id = '{cards[0]}'"
        );
        foreach (var verb in new string[][] { ["checkpoint", "verify"], ["verify", "--only", "core.checkpoint"], ["checkpoint", "make"] })
        {
            var broken = await RunAsync(verb);
            broken.ExitCode.ShouldBe(1, broken.ToString());
            broken.Output.ShouldContain("was removed after checkpoint 1");
        }
    }

    [Fact]
    public async Task A_copy_of_the_folder_is_checked_with_the_public_keys_and_nothing_else()
    {
        await _world.MintAsync(await _world.NewPlayerAsync(), 2);
        (await RunAsync("checkpoint", "make")).ExitCode.ShouldBe(0);
        var keys = Path.Combine(_folder, "keys.pem");
        await File.WriteAllTextAsync(keys, (await RunAsync("keys", "list")).Output, TestContext.Current.CancellationToken);

        var good = await CheckAsync(keys);
        good.ExitCode.ShouldBe(0, good.ToString());
        good.Json.GetProperty("checkpoints").GetInt32().ShouldBe(1);
        good.Json.GetProperty("rows").GetInt32().ShouldBePositive();

        var leaves = Directory.GetFiles(Path.Combine(_folder, "checkpoints"), "*.gz").ShouldHaveSingleItem();
        File.Delete(leaves);
        var bad = await CheckAsync(keys);
        bad.ExitCode.ShouldBe(1, bad.ToString());
        bad.Output.ShouldContain("is missing");

        await File.WriteAllTextAsync(keys, "no key", TestContext.Current.CancellationToken);
        (await CheckAsync(keys)).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_store_it_ends_with_1_and_says_what_to_set()
    {
        var result = await CliProcess.RunAsync("/nowhere", Environment(null), "checkpoint", "make");
        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldContain("Gamekeeper__Storage__Folder");
    }

    // No database, no master key: who was given the folder has neither.
    private Task<CliResult> CheckAsync(string keys) =>
        CliProcess.RunAsync("/nowhere", new Dictionary<string, string?>(), "checkpoint", "check", _folder, "--key", keys, "--format", "json");

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync("/nowhere", Environment(_folder), arguments);

    private Dictionary<string, string?> Environment(string? folder) =>
        new()
        {
            ["ConnectionStrings__Postgres"] = _world.Database.ConnectionString(TestRole.App),
            ["ConnectionStrings__PostgresOwner"] = _world.Database.ConnectionString(TestRole.Owner),
            ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
            ["Gamekeeper__Storage__Folder"] = folder,
        };
}
