using System.CommandLine;
using System.Security.Cryptography;
using Gamekeeper.Cli.Proof;
using Gamekeeper.Simulation.Ownership;
using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>prove</c>: a promise, held against work and faults on servers of its own. It fails when the promise breaks.</summary>
internal static class ProveCommand
{
    private static readonly Option<int> Operations = Number("--operations", "How many requests are scheduled, repeats not counted.", 50, 1_000_000, () => 2000);
    private static readonly Option<int> Kills = Number("--kills", "How often something is killed: the postmaster, one backend, a server, in turn.", 0, 1000, () => 4);
    private static readonly Option<int> Clients = Number("--clients", "How many plays go on at once.", 2, 256, () => 16);
    private static readonly Option<int> Servers = Number("--servers", "How many API servers stand in front of the one database.", 1, 8, () => 2);
    private static readonly Option<int> ReadsOperations = Number("--operations", "How many reads and writes are answered at least.", 2000, 100_000_000, () => 30_000);
    private static readonly Option<int> Rate = Number("--rate", "How many operations a second are begun at most.", 50, 100_000, () => 1500);
    private static readonly Option<string?> Without = new("--without") { Description = "Take a safeguard away from the servers, to see the promise break." };
    private static readonly Option<string[]> Only = new("--only") { Description = "Make only faults of this kind; may be given several times. A proof needs all of them." };
    private static readonly Option<int> Seed = Number("--seed", "Decides who does what and where the faults fall. Default: a new one, which is told.", 0, int.MaxValue, () => RandomNumberGenerator.GetInt32(1_000_000));

    public static Command Create()
    {
        Only.AcceptOnlyFromAmong([.. FaultKinds.ByName.Keys]);
        Without.AcceptOnlyFromAmong("ticket", "lease", "acknowledgement", "epoch", "runId");
        var ownership = new Command("ownership", "One item, one owner: trades and kills at once, checked against a model. Exit code 1 when it does not hold.")
        {
            Operations, Kills, Clients, Servers, Seed,
        };
        ownership.SetAction(Invocation.Of(OwnershipAsync));
        var reads = new Command("reads", "No answer is older than the last acknowledged write: reads and writes while Redis, PostgreSQL and servers are broken. Exit code 1 when it does not hold.")
        {
            ReadsOperations, Rate, Without, Only, Seed,
        };
        reads.SetAction(Invocation.Of(ReadsAsync));
        return new Command("prove", "Prove a promise, on servers of its own that it breaks on purpose.") { ownership, reads };
    }

    private static async Task<int> OwnershipAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        invocation.RefuseNamedDatabase();
        var terminal = invocation.Terminal;
        var plan = new ProofPlan(
            arguments.GetValue(Seed), arguments.GetValue(Operations), arguments.GetValue(Kills), arguments.GetValue(Clients), arguments.GetValue(Servers));
        terminal.Say($"Seed {plan.Seed}. Starting a PostgreSQL and {plan.Servers} servers for the proof…");
        await using var servers = await ProofServers.StartAsync(plan.Servers, terminal, invocation.Clock, cancellationToken);
        try
        {
            var record = await new OwnershipProof(servers, plan, terminal.Say, invocation.Clock).RunAsync(cancellationToken);
            terminal.Answer(record, t => ProofReport.Print(t, record));
            if (record.Verdict == Verdict.Broken)
                terminal.Say($"The logs of its servers are kept in {servers.KeepLogs()}.");
            return record.Verdict == Verdict.Holds ? ExitCodes.Ok : ExitCodes.CheckFailed;
        }
        catch (NotDurableException notDurable)
        {
            throw new GamekeeperException("proof.not-durable", notDurable.Message, notDurable);
        }
    }

    private static async Task<int> ReadsAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        invocation.RefuseNamedDatabase();
        var terminal = invocation.Terminal;
        var plan = new ReadsPlan(
            arguments.GetValue(Seed),
            arguments.GetValue(ReadsOperations),
            arguments.GetValue(Rate),
            arguments.GetValue(Without),
            [.. (arguments.GetValue(Only) ?? []).Select(name => FaultKinds.ByName[name]).Distinct()]);
        terminal.Say($"Seed {plan.Seed}. Starting a PostgreSQL, a Redis and {ReadsPlan.Servers} servers for the proof…");
        await using var servers = await ReadsServers.StartAsync(plan, terminal, invocation.Clock, cancellationToken);
        try
        {
            var record = await new ReadsProof(servers, plan, terminal.Say, invocation.Clock).RunAsync(cancellationToken);
            terminal.Answer(record, t => ReadsReport.Print(t, record));
            if (record.Verdict == Verdict.Broken)
                terminal.Say($"The logs of its servers are kept in {servers.KeepLogs()}.");
            return record.Verdict == Verdict.Holds ? ExitCodes.Ok : ExitCodes.CheckFailed;
        }
        catch (NotDurableException notDurable)
        {
            throw new GamekeeperException("proof.not-durable", notDurable.Message, notDurable);
        }
    }

    private static Option<int> Number(string name, string description, int least, int most, Func<int> standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard() };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < least || given > most))
                result.AddError($"{name} takes {least} to {most}.");
        });
        return option;
    }
}
