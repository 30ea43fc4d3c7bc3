using System.Diagnostics;
using Gamekeeper.Simulation.Ownership.Playing;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Faults;

/// <summary>Strikes when the schedule says so and while work is under way, and notes what it hit.</summary>
internal sealed class Killer(IProofServers servers, Gates gates, InFlight inFlight, Activity activity, Progress progress, TimeProvider clock)
{
    // Looks before it strikes without a COMMIT to be seen; one takes milliseconds, a look less than that.
    private const int MostLooks = 400;
    private const int MostVictims = 20;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);

    private int _number;

    /// <summary>Waits for work in flight, kills, and returns when everything serves again.</summary>
    public async Task<Kill> StrikeAsync(Fault fault, CancellationToken cancellationToken)
    {
        string[] applications = fault.Victim == Victim.Server
            ? [servers.ApplicationName(fault.Server)]
            : [.. Enumerable.Range(0, servers.Addresses.Count).Select(servers.ApplicationName)];
        Func<int> count = fault.Victim == Victim.Server ? () => inFlight.To(fault.Server) : () => inFlight.All;
        var backends = await WaitForCommitAsync(applications, count, cancellationToken);
        var (hit, unanswered, started, at) = (count(), inFlight.Unanswered, clock.GetTimestamp(), progress.Played);
        if (fault.Victim == Victim.Backend)
        {
            // One that was seen may be gone by now. The next one is then the victim; without any, nothing was open, and the record says so.
            for (var attempt = 1; backends.Count > 0 && !Kill(backends[0].ProcessId); attempt++)
            {
                backends = attempt < MostVictims ? await WaitForCommitAsync(applications, count, cancellationToken) : [];
                (hit, unanswered, started, at) = (count(), inFlight.Unanswered, clock.GetTimestamp(), progress.Played);
            }
        }

        switch (fault.Victim)
        {
            case Victim.Postmaster:
                await servers.KillDatabaseAsync(cancellationToken);
                await activity.RecoveredAsync(cancellationToken);
                break;
            case Victim.Backend:
                if (backends.Count > 0)
                {
                    await activity.LostAsync(cancellationToken);
                    await activity.RecoveredAsync(cancellationToken);
                }
                break;
            default:
                gates.Close(fault.Server);
                await servers.KillServerAsync(fault.Server, cancellationToken);
                gates.Open(fault.Server);
                break;
        }
        return new Kill(
            Interlocked.Increment(ref _number),
            fault.Victim.ToString().ToLowerInvariant(),
            at,
            hit,
            backends.Count,
            backends.Count(b => b.IsCommitting),
            inFlight.Unanswered - unanswered,
            Math.Round(clock.GetElapsedTime(started).TotalSeconds, 2));
    }

    private async Task<IReadOnlyList<Backend>> WaitForCommitAsync(string[] applications, Func<int> inFlightNow, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var backends = await activity.LookAsync(applications, cancellationToken);
            if (look >= MostLooks || (inFlightNow() > 0 && backends.Count > 0 && backends[0].IsCommitting))
                return backends;
            await Task.Delay(LookAgain, clock, cancellationToken);
        }
    }

    // False when it was gone already.
    private static bool Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
