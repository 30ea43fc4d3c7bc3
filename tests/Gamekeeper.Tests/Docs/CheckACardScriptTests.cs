using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Rules;
using Gamekeeper.Tests.SummonersGrid;

namespace Gamekeeper.Tests.Docs;

/// <summary>The script for outsiders agrees with us, and disagrees with a forger. It has only the export and the public key.</summary>
public sealed class CheckACardScriptTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check-a-card-");
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

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
        var export = JsonSerializer.SerializeToNode(
            OwnershipExport.Of((await _world.Get<OwnershipHistory>().ReadAsync(cards[0]))!),
            JsonSerializerOptions.Web
        )!;
        File.Copy(Path.Combine(Sources.Root, "docs", "guides", "check-a-card.cs"), Path.Combine(_folder.FullName, "check-a-card.cs"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "key.pem"),
            (await _world.Get<SigningKeyRing>().PublicKeysAsync())[0].Pem,
            TestContext.Current.CancellationToken
        );

        (await RunAsync(export)).ShouldBe((0, $"intact: 3 events, owner {a.Key}"));

        var forgedOwner = export.DeepClone();
        forgedOwner["events"]![1]!["newOwnerId"] = a.Key;
        (await RunAsync(forgedOwner)).ShouldBe((1, "does not hold: event 2 follows the one before it"));

        var forgedTemplate = export.DeepClone();
        forgedTemplate["card"]!["templateId"] = "alpha-132";
        (await RunAsync(forgedTemplate)).Code.ShouldBe(1);

        var forgedKind = export.DeepClone();
        forgedKind["events"]![2]!["operation"]!["kind"] = "trade";
        (await RunAsync(forgedKind)).ShouldBe((1, "does not hold: event 3 is signed"));
    }

    private async Task<(int Code, string Said)> RunAsync(JsonNode export)
    {
        var file = Path.Combine(_folder.FullName, "history.json");
        await File.WriteAllTextAsync(file, export.ToJsonString());
        var start = new ProcessStartInfo("dotnet", ["run", "check-a-card.cs", "history.json", "key.pem"])
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
