using System.CommandLine;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>down</c>: ends what <c>up</c> started, server first, and whatever a crash of it left.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var command = new Command("down", "Stop the server and the private PostgreSQL. Data stay.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var stopped = await StopAsync(invocation, cancellationToken);
        invocation.Terminal.Answer(new { stopped }, terminal => terminal.Write(stopped ? "Stopped." : "Nothing was running."));
        return ExitCodes.Ok;
    }

    private static async Task<bool> StopAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (home, clock) = (invocation.Home, invocation.Clock);
        var state = RunState.Read(home);
        if (state is { IsLive: true, Up: var up })
        {
            Signals.Send(up.Id, Signals.Terminate);
            if (!await LeftoverProcess.HasEndedAsync(up, Patience, clock, cancellationToken))
                throw new GamekeeperException(
                    "processes.unavailable",
                    $"Process {up.Id} did not end within {Patience.TotalMinutes:0} minutes and was not killed; see {home.LogFolder}.");
            return true;
        }

        var leftover = state?.Server is { IsAlive: true };
        if (leftover)
            await LeftoverProcess.EndAsync(state!.Server!, clock, cancellationToken);
        RunState.Remove(home);
        return await EmbeddedPostgresServer.StopAsync(home.DatabaseFolder, clock: clock, cancellationToken: cancellationToken) || leftover;
    }
}
