using Gamekeeper.Simulation.Ownership.Checking;
using Gamekeeper.Simulation.Ownership.Faults;
using Gamekeeper.Simulation.Ownership.Playing;
using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership;

/// <summary>
/// The proof that a thing has one owner: a seeded schedule of work is played over HTTP while the database and the servers are killed in
/// the middle of it, and the whole history is then held against a model that shares no code with the product.
/// </summary>
/// <param name="servers">To play against and to break; nobody else uses them.</param>
/// <param name="plan">How much, and by which seed.</param>
/// <param name="say">Told how it goes, line by line.</param>
/// <param name="clock">Measures.</param>
public sealed class OwnershipProof(IProofServers servers, ProofPlan plan, Action<string> say, TimeProvider clock)
{
    private const int MostToldOfARule = 10;

    /// <summary>Plays, breaks and checks. Once for each set of servers: what it leaves behind would be in the way of a second one.</summary>
    /// <exception cref="NotDurableException">The database may forget what it acknowledged; nothing was played, or the rest was not.</exception>
    /// <exception cref="TimeoutException">PostgreSQL did not come back after a kill.</exception>
    public async Task<ProofRecord> RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var durability = await DurabilityCheck.RunAsync(servers, cancellationToken);
        say($"Durable: {string.Join(", ", durability.Select(s => $"{s.Key} {s.Value}"))}.");

        using var clients = new Clients(servers.Addresses);
        var (history, gates, inFlight) = (new History(), new Gates(servers.Addresses.Count), new InFlight(servers.Addresses.Count));
        var sender = new Sender(clients.All, gates, inFlight, clock);
        var (cast, whereabouts) = (new Cast(sender, history), new Whereabouts());
        var stage = new Stage(sender, history, cast, whereabouts);
        await cast.GatherAsync(await servers.OperatorCodeAsync(cancellationToken), cancellationToken);
        await stage.DealAsync(cancellationToken);
        say($"{ProofPlan.Players} players hold {ProofPlan.Cards} cards, and all want the same {ProofPlan.HotCards} of them.");

        var playing = clock.GetTimestamp();
        var performance = new Performance(servers, plan, sender, history, cast, stage, say);
        await using (var activity = new Activity(servers.ObserverConnection, clock))
            await performance.RunAsync(
                Schedule.Of(plan), new Killer(servers, gates, inFlight, activity, performance.Progress, clock), cancellationToken);
        say("Played. Asking for everything once more that was acknowledged…");
        await performance.AskEverythingAgainAsync(cancellationToken);
        var playingSeconds = Seconds(playing);

        say("Comparing with the model…");
        await sender.AskAsync(history.Ask(new Asked.Verify()), cast.Game, 1, cancellationToken);
        var stored = await StoredReader.ReadAsync(servers.ObserverConnection, cancellationToken);
        var breaches = Checks.Run(history.Requests, stored).ToList();
        say($"Checking the signed history of {stored.Cards.Count} cards with the public keys…");
        breaches.AddRange(await new ChainRules(sender, cast.Game.Token!, plan.Clients).RunAsync(stored, cancellationToken));

        var hot = Enumerable.Range(0, ProofPlan.HotCards).Select(whereabouts.Card).ToHashSet();
        var shares = Measures.Shares(history.Requests, hot);
        var shortfalls = Shortfalls.Of(plan, shares, performance.Kills).ToList();
        return new ProofRecord
        {
            Verdict = breaches.Count > 0 ? Verdict.Broken : shortfalls.Count > 0 ? Verdict.TooWeak : Verdict.Holds,
            Plan = plan,
            Command = plan.Command,
            Durability = durability,
            Requests = Measures.Kinds(history.Requests),
            RefusalCodes = Measures.Codes(history.Requests),
            UnknownBecause = Measures.Reasons(history.Requests),
            Kills = performance.Kills,
            Shares = shares,
            Stored = new Totals(
                stored.Accounts.Count, stored.Cards.Count, stored.Operations.Count, stored.Events.Count, stored.Trades.Count, stored.Cards.Count),
            Seconds = Seconds(started),
            PlayingSeconds = playingSeconds,
            Breaches = [.. breaches.GroupBy(b => b.Rule).SelectMany(g => g.Take(MostToldOfARule))],
            BreachCount = breaches.Count,
            BreachesByRule = breaches.CountBy(b => b.Rule).ToDictionary(),
            Shortfalls = shortfalls,
        };
    }

    private double Seconds(long since) => Math.Round(clock.GetElapsedTime(since).TotalSeconds, 1);

    /// <summary>One connection pool for each server.</summary>
    private sealed class Clients(IReadOnlyList<Uri> addresses) : IDisposable
    {
        public IReadOnlyList<HttpClient> All { get; } =
            [.. addresses.Select(a => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = a, Timeout = TimeSpan.FromMinutes(2) })];

        public void Dispose()
        {
            foreach (var client in All)
                client.Dispose();
        }
    }
}
