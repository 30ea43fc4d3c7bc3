using Gamekeeper.Cli;
using Gamekeeper.Simulation.Reads;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Cli;

/// <summary>Proofs want a machine of their own; those that take a safeguard away are run by name, with <c>-explicit on</c>.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class ProveReadsTests
{
    [Fact]
    public async Task No_answer_is_older_than_the_last_acknowledged_write_whatever_breaks()
    {
        RequireRedis();
        using var temporary = ProofTemporary.New();

        var proof = await RunAsync(temporary, "--operations", "6000", "--seed", "7");

        proof.ExitCode.ShouldBe(ExitCodes.Ok, proof.ToString());
        var record = proof.Json;
        record.GetProperty("verdict").GetString().ShouldBe("holds");
        record.GetProperty("durability").EnumerateObject().Select(s => s.Value.GetString()).ShouldBe(["on", "on", "on"]);
        var faults = record.GetProperty("faults").EnumerateArray().ToList();
        faults.Select(f => f.GetProperty("name").GetString()).ShouldBe(FaultKinds.ByName.Keys, ignoreOrder: true);
        faults.ShouldAllBe(f => f.GetProperty("share").GetDouble() >= ReadsPlan.LeastShare);
        record.GetProperty("healthy").GetProperty("hits").GetDouble().ShouldBeGreaterThanOrEqualTo(ReadsPlan.LeastHits);
        record.GetProperty("totals").GetProperty("orphaned_writes").GetInt32().ShouldBePositive();
        record.GetProperty("scenes").GetArrayLength().ShouldBe(4);
        Directory.EnumerateFileSystemEntries(temporary.Path).ShouldBeEmpty();
    }

    [Theory(Explicit = true)]
    [InlineData("ticket", "redis-flushed")]
    [InlineData("acknowledgement", "redis-answers-held")]
    [InlineData("epoch", "redis-requests-held")]
    [InlineData("lease", "postgres-held")]
    [InlineData("runId", "redis-old-dump")]
    public async Task Without_a_safeguard_the_proof_fails(string safeguard, string fault)
    {
        RequireRedis();
        using var temporary = ProofTemporary.New();

        var proof = await RunAsync(temporary, "--operations", "20000", "--seed", "7", "--without", safeguard, "--only", fault);

        proof.ExitCode.ShouldBe(ExitCodes.CheckFailed, proof.ToString());
        proof.Json.GetProperty("verdict").GetString().ShouldBe("broken", proof.ToString());
        proof.Json.GetProperty("breaches").EnumerateArray().Select(b => b.GetProperty("rule").GetString()).ShouldContain("stale read");
    }

    [Theory]
    [InlineData("--operations", "1999", "--operations takes 2000")]
    [InlineData("--rate", "49", "--rate takes 50")]
    [InlineData("--without", "hope", "'hope'")]
    [InlineData("--only", "rain", "'rain'")]
    public async Task What_makes_no_sense_starts_nothing(string option, string value, string told)
    {
        var refused = await CliProcess.RunAsync("/nowhere", "prove", "reads", option, value);
        refused.ExitCode.ShouldBe(ExitCodes.Usage, refused.ToString());
        refused.Errors.ShouldContain(told);
    }

    private static Task<CliResult> RunAsync(ProofTemporary temporary, params string[] arguments) =>
        CliProcess.RunAsync("/nowhere", temporary.Environment, ["prove", "reads", "--format", "json", .. arguments]);

    private static void RequireRedis() => _ = TestRedis.Require();
}
