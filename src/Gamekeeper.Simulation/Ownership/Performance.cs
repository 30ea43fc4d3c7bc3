using Gamekeeper.Simulation.Ownership.Faults;
using Gamekeeper.Simulation.Ownership.Playing;
using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership;

/// <summary>Plays the schedule to its end, faults included, and repeats everything that was acknowledged.</summary>
internal sealed class Performance(IProofServers servers, ProofPlan plan, Sender sender, History history, Cast cast, Stage stage, Action<string> say)
{
    // After a restart, so many of the last acknowledgements are asked for again at once: those that a crash would lose first.
    private const int AskedAgain = 80;

    private readonly Progress _progress = new();
    private readonly List<Kill> _kills = [];
    // How far the plays may go before the next fault is ready to strike: it would find nobody at work if they ran ahead of it.
    private readonly Progress _allowed = new();
    private int _next = -1;

    public Progress Progress => _progress;

    public IReadOnlyList<Kill> Kills => _kills;

    public async Task RunAsync(Schedule schedule, Killer killer, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begins = StartsOf(schedule.Plays);
        using var played = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var telling = TellAsync(played.Token);
        List<Task> running =
        [
            .. Enumerable.Range(0, plan.Clients).Select(_ => PlayAsync(schedule.Plays, begins, end.Token)),
            StrikeAsync(schedule.Faults, killer, end.Token),
        ];
        try
        {
            await foreach (var ended in Task.WhenEach(running))
                await ended;
        }
        finally
        {
            // When one failed, the others have nothing left to do; that failure is on its way to the caller already.
            await end.CancelAsync();
            await Task.WhenAll([.. running, telling]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks for everything once more that was ever acknowledged.</summary>
    public Task AskEverythingAgainAsync(CancellationToken cancellationToken) =>
        AskAgainAsync([.. history.Requests.Where(IsKeyedAndAcknowledged)], cancellationToken);

    private async Task PlayAsync(IReadOnlyList<Play> plays, List<int> begins, CancellationToken cancellationToken)
    {
        while (Interlocked.Increment(ref _next) is var number && number < plays.Count)
        {
            await _allowed.ReachedAsync(begins[number] + 1, cancellationToken);
            await stage.PerformAsync(plays[number], cancellationToken);
            _progress.Add(plays[number].Operations);
        }
    }

    private async Task StrikeAsync(IReadOnlyList<Fault> faults, Killer killer, CancellationToken cancellationToken)
    {
        _allowed.Add(faults.Count == 0 ? int.MaxValue : faults[0].AtOperation);
        foreach (var (number, fault) in faults.Index())
        {
            await _progress.ReachedAsync(fault.AtOperation, cancellationToken);
            _allowed.Add((number + 1 < faults.Count ? faults[number + 1].AtOperation : int.MaxValue) - fault.AtOperation);
            var kill = await killer.StrikeAsync(fault, cancellationToken);
            _kills.Add(kill);
            say($"Kill {kill.Number} of {faults.Count}, {kill.Victim}: {kill.RequestsInFlight} writes in flight, {kill.OpenTransactions} transactions open, {kill.Committing} at their commit; back after {kill.SecondsDown:0.0} s.");
            await DurabilityCheck.RunAsync(servers, cancellationToken);
            await AskAgainAsync([.. history.Requests.Where(IsKeyedAndAcknowledged).TakeLast(AskedAgain)], cancellationToken);
        }
    }

    private Task AskAgainAsync(IReadOnlyList<Request> requests, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = plan.Clients, CancellationToken = cancellationToken },
            // One that gets no answer is no worse off than before.
            async (request, ct) => await sender.SendAsync(request, cast.AskerOf(request.Asked), ct));

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        for (var tenth = 1; tenth <= 10; tenth++)
        {
            await _progress.ReachedAsync((int)((long)plan.Operations * tenth / 10), cancellationToken);
            say($"{_progress.Played} of {plan.Operations} operations.");
        }
    }

    // By operations, of all plays before it.
    private static List<int> StartsOf(IReadOnlyList<Play> plays)
    {
        var (starts, operations) = (new List<int>(), 0);
        foreach (var play in plays)
        {
            starts.Add(operations);
            operations += play.Operations;
        }
        return starts;
    }

    private static bool IsKeyedAndAcknowledged(Request request) => request.Asked.HasKey && request.Acknowledged is not null;
}
