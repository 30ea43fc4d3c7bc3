using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Checking;
using Gamekeeper.Simulation.Reads.Faults;
using Gamekeeper.Simulation.Reads.Playing;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads;

/// <summary>
/// The proof that no answer is older than the last write that was acknowledged before it was asked for: three servers are read and written
/// over HTTP while Redis, PostgreSQL, the ways to both and the servers themselves are broken, and every answer is held against what was
/// acknowledged by then.
/// </summary>
/// <param name="servers">To play against and to break; nobody else uses them.</param>
/// <param name="plan">How much, and by which seed.</param>
/// <param name="say">Told how it goes, line by line.</param>
/// <param name="clock">Measures.</param>
public sealed class ReadsProof(IReadsServers servers, ReadsPlan plan, Action<string> say, TimeProvider clock)
{
    private const int MostToldOfARule = 10;

    /// <summary>Plays, breaks and checks. Once for each set of servers.</summary>
    /// <exception cref="NotDurableException">The database may forget what it acknowledged; nothing was played.</exception>
    /// <exception cref="TimeoutException">The servers did not answer for minutes.</exception>
    public async Task<ReadsRecord> RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var durability = await DurabilityCheck.RunAsync(servers, cancellationToken);
        say($"Durable: {string.Join(", ", durability.Select(s => $"{s.Key} {s.Value}"))}.");

        using var wire = new Wire(servers.Addresses, clock);
        var history = new History(servers.Addresses.Count);
        var cast = new Cast(wire, history);
        await cast.GatherAsync(await servers.OperatorCodeAsync(cancellationToken), plan.Players, cancellationToken);
        var scenes = new Scenes(servers, wire, cast, clock);
        var results = await scenes.RunAsync(cancellationToken);
        foreach (var result in results)
            say($"{result.Name}: {result.Found}.");

        using var crowd = new Crowd(wire, history, cast, plan);
        var breaker = new Breaker(servers, history, crowd.Writes, clock);
        var playing = clock.GetTimestamp();
        var serving = await new Performance(plan, history, crowd, breaker, clock, say).RunAsync(Schedule.Of(plan), cancellationToken);
        var played = clock.GetTimestamp();

        say("Played. Comparing…");
        var stored = await StoredReader.ReadAsync(history.Subjects, servers.ObserverConnection, cancellationToken);
        var moments = new Moments(playing, clock.TimestampFrequency, history.Strikes);
        List<Breach> breaches = [.. scenes.Breaches, .. Checks.Run(history, stored, moments)];
        var totals = Measures.Totals(history);
        var (healthy, faults) = Measures.Figures(history, serving, played, moments);
        List<string> shortfalls = [.. scenes.Shortfalls, .. breaker.Unrecovered, .. Shortfalls.Of(plan, totals, healthy, faults)];
        return new ReadsRecord
        {
            Verdict = breaches.Count > 0 ? Verdict.Broken : shortfalls.Count > 0 ? Verdict.TooWeak : Verdict.Holds,
            Plan = plan,
            Command = plan.Command,
            Durability = durability,
            Totals = totals,
            Healthy = healthy,
            Faults = faults,
            Scenes = results,
            Seconds = Seconds(started),
            PlayingSeconds = Math.Round(clock.GetElapsedTime(playing, played).TotalSeconds, 1),
            Breaches = [.. breaches.GroupBy(b => b.Rule).SelectMany(g => g.Take(MostToldOfARule))],
            BreachCount = breaches.Count,
            BreachesByRule = breaches.CountBy(b => b.Rule).ToDictionary(),
            Shortfalls = shortfalls,
        };
    }

    private double Seconds(long since) => Math.Round(clock.GetElapsedTime(since).TotalSeconds, 1);
}
