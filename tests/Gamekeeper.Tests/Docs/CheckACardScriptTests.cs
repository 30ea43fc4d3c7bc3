using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Rules;
using Gamekeeper.Tests.SummonersGrid;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Docs;

/// <summary>The script for outsiders agrees with us, and disagrees with a forger. It has only the export and the public keys.</summary>
public sealed class CheckACardScriptTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check-a-card-");
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        File.Copy(Path.Combine(Sources.Root, "docs", "guides", "check-a-card.cs"), Path.Combine(_folder.FullName, "check-a-card.cs"));
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_history_is_intact_until_a_value_is_changed()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var cards = await _world.MintAsync(a, 5);
        var others = await _world.MintAsync(b, 2);
        var trade = await _world.ProposeAsync(a, b, [cards[0], cards[1]], [others[0]]);
        (await _world.AcceptAsync(b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await _world.TransferAsync(cards[0], b, a);
        var export = await ExportAsync(cards[0]);
        var key = (await WriteKeysAsync())[0];

        (await RunAsync(export, key)).ShouldBe((0, $"intact: 3 events, owner {a.Key}"));

        var forgedOwner = export.DeepClone();
        forgedOwner["events"]![1]!["newOwnerId"] = a.Key;
        (await RunAsync(forgedOwner, key)).ShouldBe((1, "does not hold: event 2 follows the one before it"));

        var forgedTemplate = export.DeepClone();
        forgedTemplate["card"]!["templateId"] = "alpha-132";
        (await RunAsync(forgedTemplate, key)).Code.ShouldBe(1);

        var forgedKind = export.DeepClone();
        forgedKind["events"]![2]!["operation"]!["kind"] = "trade";
        (await RunAsync(forgedKind, key)).ShouldBe((1, "does not hold: event 3 is signed"));
    }

    [Fact]
    public async Task A_history_that_outlived_its_first_key_is_checked_with_both_as_the_server_answers_it()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var card = (await _world.MintAsync(a, 1))[0];
        await _world.Get<SigningKeyRing>().RotateAsync(Actor.System(TimeProvider.System), TestContext.Current.CancellationToken);
        await _world.TransferAsync(card, a, b);
        // As GET /v1/summoners-grid/cards/{id}/history wraps it.
        var answer = new JsonObject { ["isIntact"] = true, ["firstBreach"] = null, ["history"] = await ExportAsync(card) };
        var keys = await WriteKeysAsync();
        keys.Length.ShouldBe(2);

        (await RunAsync(answer, keys)).ShouldBe((0, $"intact: 2 events, owner {b.Key}"));
        (await RunAsync(answer, keys[0])).ShouldBe((1, $"does not hold: the key {Path.GetFileNameWithoutExtension(keys[1])} of event 2 is at hand"));
    }

    private async Task<JsonNode> ExportAsync(Guid card) =>
        JsonSerializer.SerializeToNode(OwnershipExport.Of((await _world.Get<OwnershipHistory>().ReadAsync(card))!), JsonSerializerOptions.Web)!;

    // Oldest first, each named by its id.
    private async Task<string[]> WriteKeysAsync()
    {
        var keys = await _world.Get<SigningKeyRing>().PublicKeysAsync();
        foreach (var key in keys)
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, $"{key.Id}.pem"), key.Pem);
        return [.. keys.Select(k => $"{k.Id}.pem")];
    }

    private async Task<(int Code, string Said)> RunAsync(JsonNode export, params string[] keys)
    {
        var file = Path.Combine(_folder.FullName, "history.json");
        await File.WriteAllTextAsync(file, export.ToJsonString());
        var start = new ProcessStartInfo("dotnet", ["run", "check-a-card.cs", "history.json", .. keys])
        {
            WorkingDirectory = _folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await said + await complained).Trim());
    }
}
