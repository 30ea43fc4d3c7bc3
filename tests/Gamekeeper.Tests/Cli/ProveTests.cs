using System.Diagnostics;
using System.Text.Json;
using Gamekeeper.Cli;
using Gamekeeper.Cli.Proof;
using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Cli;

public sealed class ProveTests
{
    [Fact]
    public async Task One_item_has_one_owner_through_three_kills_and_nothing_is_left_behind()
    {
        using var temporary = ProofTemporary.New();

        var proof = await RunAsync(temporary, "--operations", "240", "--kills", "3", "--seed", "20", "--format", "json");

        proof.ExitCode.ShouldBe(ExitCodes.Ok, proof.ToString());
        var record = proof.Json;
        record.GetProperty("verdict").GetString().ShouldBe("holds");
        record.GetProperty("durability").EnumerateObject().Select(s => s.Value.GetString()).ShouldBe(["on", "on", "on"]);
        var kills = record.GetProperty("kills").EnumerateArray().ToList();
        kills.Select(k => k.GetProperty("victim").GetString()).ShouldBe(["postmaster", "backend", "server"], ignoreOrder: true);
        kills.ShouldAllBe(k => k.GetProperty("requests_in_flight").GetInt32() > 0);
        var shares = record.GetProperty("shares");
        shares.GetProperty("contending").GetDouble().ShouldBeGreaterThan(0.3);
        shares.GetProperty("rivals").GetDouble().ShouldBeGreaterThan(0.2);
        shares.GetProperty("sent_at_once").GetInt32().ShouldBePositive();
        shares.GetProperty("sent_again").GetInt32().ShouldBePositive();
        Kinds(record).ShouldBe(typeof(Asked).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(Asked))).Select(t => t.Name.ToLowerInvariant()), ignoreOrder: true);
        Directory.EnumerateFileSystemEntries(temporary.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ctrl_C_leaves_neither_process_nor_folder()
    {
        using var temporary = ProofTemporary.New();
        using var process = CliProcess.Start("/nowhere", temporary.Environment, "prove", "ownership", "--operations", "100000", "--kills", "0", "--servers", "1");
        List<string> children;
        try
        {
            // It says so once it plays: then everything is up.
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("players hold", StringComparison.Ordinal))
                continue;
            children = ChildrenOf(process.Id);
        }
        finally
        {
            using var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await interrupt.WaitForExitAsync(CancellationToken.None);
        }
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(ExitCodes.Interrupted);
        Directory.EnumerateFileSystemEntries(temporary.Path).ShouldBeEmpty();
        children.Count.ShouldBeGreaterThanOrEqualTo(2, "PostgreSQL and a server ran");
        children.ShouldAllBe(child => !Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task A_SIGKILL_leaves_no_process_and_a_folder_that_the_next_proof_takes_away()
    {
        using var temporary = ProofTemporary.New();
        using var process = CliProcess.Start("/nowhere", temporary.Environment, "prove", "ownership", "--operations", "100000", "--kills", "0", "--servers", "1");
        List<string> children;
        try
        {
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("players hold", StringComparison.Ordinal))
                continue;
            children = ChildrenOf(process.Id);
            var said = new List<string>();
            ProofFolder.ClearLeftovers(temporary.Path, said.Add);
            said.ShouldBeEmpty("its owner lives");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        children.Count.ShouldBeGreaterThanOrEqualTo(2, "PostgreSQL and a server ran");
        await Soon.TrueAsync(() => children.TrueForAll(child => !Directory.Exists($"/proc/{child}")), "every process to end");

        var folder = Directory.EnumerateDirectories(temporary.Path, "gk-proof-*").ShouldHaveSingleItem();
        var told = new List<string>();
        ProofFolder.ClearLeftovers(temporary.Path, told.Add);
        Directory.Exists(folder).ShouldBeFalse();
        told.ShouldHaveSingleItem().ShouldContain(folder);
    }

    [Theory]
    [InlineData("--operations", "49")]
    [InlineData("--kills", "-1")]
    [InlineData("--clients", "1")]
    [InlineData("--servers", "9")]
    public async Task What_is_out_of_range_starts_nothing(string option, string value)
    {
        var refused = await CliProcess.RunAsync("/nowhere", "prove", "ownership", option, value);
        refused.ExitCode.ShouldBe(ExitCodes.Usage, refused.ToString());
        refused.Errors.ShouldContain($"{option} takes");
    }

    private static Task<CliResult> RunAsync(ProofTemporary temporary, params string[] arguments) =>
        CliProcess.RunAsync("/nowhere", temporary.Environment, ["prove", "ownership", .. arguments]);

    private static IEnumerable<string> Kinds(JsonElement record) => record.GetProperty("requests").EnumerateArray().Select(r => r.GetProperty("kind").GetString()!);

    private static List<string> ChildrenOf(int process) =>
        [.. Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(t => File.ReadAllText(Path.Combine(t, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
