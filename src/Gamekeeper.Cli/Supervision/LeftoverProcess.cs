using Gamekeeper.Cli.Home;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Ends a process that is not our child, and so tells us nothing of its end: we look.</summary>
internal static class LeftoverProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks it to end, and kills it when it has not within 40 seconds. Nothing happens when it is gone.</summary>
    public static async Task EndAsync(ProcessIdentity process, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!process.IsAlive)
            return;
        Signals.Send(process.Id, Signals.Terminate);
        if (await HasEndedAsync(process, Patience, clock, cancellationToken))
            return;
        Signals.Send(process.Id, Signals.Kill);
        await HasEndedAsync(process, Patience, clock, cancellationToken);
    }

    /// <summary>True once it has ended, false when it has not within <paramref name="patience"/>.</summary>
    public static async Task<bool> HasEndedAsync(ProcessIdentity process, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (process.IsAlive)
        {
            if (clock.GetElapsedTime(started) > patience)
                return false;
            await Task.Delay(LookAgain, clock, cancellationToken);
        }
        return true;
    }
}
