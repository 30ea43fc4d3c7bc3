using System.CommandLine;
using System.Diagnostics;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Paging;
using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>checkpoint</c>: what stood in the histories and audit logs when, signed, here and in the object store.</summary>
internal static class CheckpointCommand
{
    private const int QuickCheckpoints = 288;

    private static readonly Option<long?> Since = new("--since")
    {
        Description = $"The first checkpoint to look at. Default: the newest {QuickCheckpoints}, which is a day of them.",
    };

    private static readonly Option<int> Count = new("--count")
    {
        Description = "How many, the newest first.",
        DefaultValueFactory = _ => 20,
    };

    public static Command Create()
    {
        Since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is < 1)
                result.AddError("--since takes 1 or more.");
        });
        Count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > PageSize.Max)
                result.AddError($"--count takes 1 to {PageSize.Max}.");
        });
        var make = new Command("make", "Make one now, as the job does every few minutes, and hold those of the last hour against their rows.");
        make.SetAction(Invocation.Of(MakeAsync));
        var list = new Command("list", "Print the newest ones.") { Count };
        list.SetAction(Invocation.Of(ListAsync));
        var verify = new Command("verify", "Hold the newest ones against their rows and their objects. All of them: 'verify --only core.checkpoint'. Exit code 1 when one does not hold.") { Since };
        verify.SetAction(Invocation.Of(VerifyAsync));
        var afterRestore = new Command("after-restore", "Acknowledge that the database was put back to an earlier state on purpose: go on after the checkpoints that it has lost.");
        afterRestore.SetAction(Invocation.Of(AfterRestoreAsync));
        return new Command("checkpoint", "Signed roots over histories and audit logs, also kept outside of the database.") { make, list, verify, afterRestore, CheckpointFolderCommand.Create() };
    }

    private static async Task<int> MakeAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        switch (await gamekeeper.Get<JobBoard>().RunNowAsync("core.checkpoints", cancellationToken))
        {
            case RunNowOutcome.Ran ran:
                invocation.Terminal.Answer(new { made = ran.Succeeded, said = ran.Said }, terminal => terminal.Write(ran.Said));
                return ran.Succeeded ? ExitCodes.Ok : ExitCodes.CheckFailed;
            case RunNowOutcome.AlreadyRunning at:
                throw new GamekeeperException("jobs.already-running", $"{at.Node ?? "Another node"} is making one; 'checkpoint list' shows it in a moment.");
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<int> AfterRestoreAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var outcome = await gamekeeper.Get<MakeCheckpoint>().AfterRestoreAsync(Actor.System(invocation.Clock), cancellationToken);
        if (outcome is not MakeCheckpointOutcome.Made { Checkpoint.Said: var said })
            throw new GamekeeperException("jobs.already-running", "Another node made one in the same moment; run this again.");
        invocation.Terminal.Answer(
            new { said.Number, said.Abandons },
            terminal => terminal.Write(
                said.Abandons is { } lost
                    ? $"Checkpoint {said.Number} follows {(said.Previous is { } p ? $"checkpoint {p.Number}" : "nothing")} and says that {lost.First} to {lost.Last} were lost."
                    : $"Checkpoint {said.Number}; the store held none that the database did not know."));
        return ExitCodes.Ok;
    }

    private static async Task<int> ListAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var outcome = await gamekeeper.Get<CheckpointRepository>().ListAsync(new PageRequest(new PageSize(arguments.GetValue(Count))), cancellationToken);
        var found = outcome is PageOutcome<SignedCheckpoint>.Given given ? given.Page.Items : throw new UnreachableException();
        invocation.Terminal.Answer(
            found.Select(c => new { c.Number, c.Said.At, rows = c.Said.Sources.Sum(s => s.Rows), hash = Convert.ToHexStringLower(c.Hash), c.KeyId, c.Said.Sources }),
            terminal => terminal.Table(
            [
                ["#", "when", "rows", "hash", "signed by"],
                .. found.Select(c => new[] { $"{c.Number}", $"{c.Said.At:u}", $"{c.Said.Sources.Sum(s => s.Rows)}", Convert.ToHexStringLower(c.Hash), c.KeyId }),
            ]));
        return ExitCodes.Ok;
    }

    private static async Task<int> VerifyAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var newest = (await gamekeeper.Get<CheckpointRepository>().NewestAsync(cancellationToken))?.Number ?? 0;
        var since = arguments.GetValue(Since) ?? Math.Max(1, newest - QuickCheckpoints + 1);
        var breaches = new List<InvariantBreach>();
        await invocation.Terminal.WithStepsAsync(async steps =>
        {
            var chain = steps.Begin("Chain and objects");
            breaches.AddRange(await gamekeeper.Get<CheckChain>().RunAsync(since, cancellationToken: cancellationToken));
            chain.End(breaches.Count == 0 ? "hold" : "BROKEN");
            var rows = steps.Begin("Rows");
            var missing = await gamekeeper.Get<CheckRows>().RunAsync(since, cancellationToken: cancellationToken);
            rows.End(missing.Count == 0 ? "hold" : "BROKEN");
            breaches.AddRange(missing);
        });
        invocation.Terminal.Answer(
            new { holds = breaches.Count == 0 && since <= Math.Max(1, newest), since, newest, breaches },
            terminal =>
            {
                foreach (var breach in breaches)
                    terminal.Write($"{breach.Table} {breach.Key}: {breach.Finding}");
                terminal.Write(
                    breaches.Count > 0 ? "Checkpoints do not hold; see docs/operating/checkpoints.md."
                    : newest == 0 ? "There is no checkpoint yet."
                    : since > newest ? $"Nothing was checked: the newest checkpoint is {newest}."
                    : $"Checkpoints {since} to {newest} hold.");
            });
        return breaches.Count == 0 && since <= Math.Max(1, newest) ? ExitCodes.Ok : ExitCodes.CheckFailed;
    }
}
