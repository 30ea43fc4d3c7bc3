using Gamekeeper.Simulation.Reads.Faults;
using Gamekeeper.Simulation.Reads.Playing;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads;

/// <summary>Plays the schedule to its end: the crowd goes on throughout, and stretch follows stretch.</summary>
internal sealed class Performance(ReadsPlan plan, History history, Crowd crowd, Breaker breaker, TimeProvider clock, Action<string> say)
{
    private const int MostTopUps = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestHealthy = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestFault = TimeSpan.FromMinutes(40);

    /// <returns>When every node answered from its cache for the first time: the scenes before may have left one dead.</returns>
    public async Task<long> RunAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Set(schedule.Stretches[0]);
        var playing = crowd.RunAsync(end.Token, cancellationToken);
        var conducting = ConductAsync(schedule, cancellationToken);
        try
        {
            // Whoever fails first ends the others.
            await await Task.WhenAny(playing, conducting);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(playing, conducting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await playing;
        return await conducting;
    }

    private async Task<long> ConductAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var began = await breaker.RecoveredAsync(clock.GetTimestamp(), "the start", cancellationToken);
        foreach (var stretch in schedule.Stretches)
        {
            Set(stretch);
            if (stretch.Kind is { } kind)
                await BreakAsync(stretch, kind, cancellationToken);
            else
                await LeaveAloneAsync(stretch, cancellationToken);
        }
        await TopUpAsync(schedule, cancellationToken);
        return began;
    }

    // Strikes that took long have let the others' shares shrink: those are made again.
    private async Task TopUpAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostTopUps; round++)
            foreach (var stretch in schedule.Stretches)
                if (plan.Only.Count == 0 && stretch.Kind is { } kind && Measures.Share(history, kind) < (ReadsPlan.LeastShare + ReadsPlan.PlannedShare) / 2)
                {
                    Set(stretch);
                    var strike = await breaker.StrikeAsync(kind, new Random(stretch.Seed + round + 1), cancellationToken);
                    say($"{FaultKinds.Name(kind)}, once more: {strike.Told}.");
                }
    }

    private async Task LeaveAloneAsync(Stretch stretch, CancellationToken cancellationToken)
    {
        var (started, reads, writes) = (clock.GetTimestamp(), history.Reads, history.Acknowledged);
        while ((history.Reads - reads < stretch.Reads || history.Acknowledged - writes < stretch.Writes) && clock.GetElapsedTime(started) < LongestHealthy)
            await Task.Delay(LookAgain, clock, cancellationToken);
    }

    private async Task BreakAsync(Stretch stretch, FaultKind kind, CancellationToken cancellationToken)
    {
        var random = new Random(stretch.Seed);
        var (started, reads, covered, strikes) = (clock.GetTimestamp(), history.Reads, 0, 0);
        do
        {
            var before = history.Acknowledged;
            var strike = await breaker.StrikeAsync(kind, random, cancellationToken);
            (covered, strikes) = (covered + history.Acknowledged - before, strikes + 1);
            if (strikes == 1)
                say($"{FaultKinds.Name(kind)}: {strike.Told}; over after {clock.GetElapsedTime(strike.Began, strike.Over).TotalSeconds:0.0} s.");
        } while ((covered < stretch.Writes || history.Reads - reads < stretch.Reads) && clock.GetElapsedTime(started) < LongestFault);
        say($"{FaultKinds.Name(kind)}: {strikes} times, {covered} writes acknowledged, {history.Reads} reads and {history.Acknowledged} writes in all.");
    }

    private void Set(Stretch stretch)
    {
        // A fault may outlast its number of operations; a healthy stretch ends with it.
        crowd.Reads.Set(stretch.ReadRate, stretch.Kind is null ? int.MaxValue : stretch.Reads);
        crowd.Writes.Set(stretch.WriteRate, stretch.Kind is null ? int.MaxValue : stretch.Writes);
    }
}
