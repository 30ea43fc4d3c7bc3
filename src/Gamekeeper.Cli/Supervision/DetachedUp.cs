using System.Diagnostics;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Starts an <c>up</c> that outlives this process, and returns once it serves.</summary>
internal sealed class DetachedUp(Invocation invocation)
{
    public const string UnattendedOption = "--unattended";

    public async Task<int> RunAsync(UpPlan plan, CancellationToken cancellationToken)
    {
        invocation.Home.Create();
        using (var free = UpLock.TryTake(invocation.Home))
        {
            if (free is null)
                return await new RunningUp(invocation).AttachAsync(cancellationToken);
        }

        var log = invocation.Home.UpLog;
        LogTail.Rotate(log);
        var logged = LogTail.EndOf(log);
        using var process = Start(plan, log);
        try
        {
            var state = await new RunningUp(invocation).WaitUntilReadyAsync(() => process.HasExited, cancellationToken);
            if (state is null)
            {
                invocation.Terminal.Say(LogTail.Of(log, logged));
                return process.ExitCode == ExitCodes.Ok ? ExitCodes.Unavailable : process.ExitCode;
            }
            await new Announcement(invocation).TellAsync(state, held: null, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (Exception failure) when (failure is OperationCanceledException or GamekeeperException && !process.HasExited)
        {
            // Ctrl-C while waiting means the whole of it; and what took too long is not left behind, half started.
            Signals.Send(process.Id, Signals.Terminate);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    // A session of its own, so that neither Ctrl-C nor the closing of this terminal reaches it; its words go to a file.
    private static Process Start(UpPlan plan, string log)
    {
        var info = new ProcessStartInfo("setsid") { UseShellExecute = false };
        string[] command =
        [
            "sh", "-c", """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""", "sh", log,
            Environment.ProcessPath!, typeof(DetachedUp).Assembly.Location, "up", UnattendedOption, .. plan.Arguments(),
        ];
        foreach (var argument in command)
            info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }
}
