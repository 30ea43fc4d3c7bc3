using System.Globalization;
using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Checking;
using Gamekeeper.Simulation.Reads.Playing;
using Gamekeeper.Simulation.Reads.Recording;
using Gamekeeper.Simulation.Reads.Relays;

namespace Gamekeeper.Simulation.Reads;

/// <summary>
/// What a crowd meets too rarely, played alone and before it: a writer that dies between its commit and the telling, and many who miss
/// the same value at once.
/// </summary>
internal sealed class Scenes(IReadsServers servers, Wire wire, Cast cast, TimeProvider clock)
{
    private const int Misses = 100;
    private const int MostCounts = 5;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WarmWithin = TimeSpan.FromSeconds(30);

    // As long as a node leaves a slow Redis alone.
    private static readonly TimeSpan UntilTriedAgain = TimeSpan.FromSeconds(1);

    private readonly List<Breach> _breaches = [];
    private readonly List<string> _shortfalls = [];

    public IReadOnlyList<Breach> Breaches => _breaches;

    public IReadOnlyList<string> Shortfalls => _shortfalls;

    public async Task<IReadOnlyList<SceneResult>> RunAsync(CancellationToken cancellationToken)
    {
        var found = new List<SceneResult>
        {
            new("a writer dies untold, and nobody repeats", await NobodyRepeatsAsync(cancellationToken)),
            new("a writer dies untold, and its request is repeated", await SomebodyRepeatsAsync(cancellationToken)),
            new($"{Misses} misses of one value", await MissesAsync(cancellationToken)),
            new($"{Misses} misses of one value, and the loader dies", await LoaderDiesAsync(cancellationToken)),
        };
        return found;
    }

    // The other two answer from their caches until the relay has told them; that takes two seconds at the most.
    private async Task<string> NobodyRepeatsAsync(CancellationToken cancellationToken)
    {
        var deck = cast.Things.OfType<DeckName>().First();
        await WarmAsync(deck, cancellationToken);
        var write = deck.Subject.Begin(wire.Now);
        var lost = await DieOfAsync(deck.Spell(write), cancellationToken);
        write.Lost(lost, 0);
        var (lastOld, reads) = (TimeSpan.Zero, 0);
        var isNew = new bool[wire.Nodes];
        while (clock.GetElapsedTime(lost) is var age && (age < KilledWriterRules.Bound * 1.5 || !(isNew[1] && isNew[2])) && age < Within)
        {
            foreach (var node in new[] { 1, 2 })
            {
                var answer = await ReadAsync(deck, node, cancellationToken);
                if (answer.Failure is not null || answer.Source == Source.Stale)
                    continue;
                (reads, isNew[node]) = (reads + 1, deck.Value(answer) == write.Value);
                if (isNew[node])
                    continue;
                var asked = clock.GetElapsedTime(lost, answer.Began);
                lastOld = asked > lastOld ? asked : lastOld;
                if (asked > KilledWriterRules.Bound)
                    _breaches.Add(new Breach(KilledWriterRules.Untold, deck.Subject.Name, $"{write.Value} after {KilledWriterRules.Bound.TotalSeconds:0} s", $"{deck.Value(answer)} after {Ms(asked)}, from node {node}"));
            }
            await Task.Delay(LookAgain, clock, cancellationToken);
        }
        if (isNew[1] && isNew[2])
            write.FindDone();
        else
            _shortfalls.Add("the writer that died untold had not committed");
        await servers.ReviveServerAsync(0, cancellationToken);
        return $"the last of {reads} reads that answered with the old value began {Ms(lastOld)} after the connection was lost";
    }

    // Whoever answers the repeat has seen to it that nobody answers with the old value any more.
    private async Task<string> SomebodyRepeatsAsync(CancellationToken cancellationToken)
    {
        var cards = cast.Things.OfType<Collection>().First();
        await WarmAsync(cards, cancellationToken);
        var write = cards.Subject.Begin(wire.Now);
        var lost = await DieOfAsync(cards.Spell(write), cancellationToken);
        write.Lost(lost, 0);
        using var again = cards.Spell(write);
        var repeat = await wire.SendAsync(1, again, Within, cancellationToken);
        if (!repeat.IsSuccess)
            _breaches.Add(new Breach(AnswerRules.NoAnswer, cards.Subject.Name, "an answer to the repeat", $"{repeat.Status} {repeat.Failure}"));
        else
            write.Acknowledge(repeat.Ended, 1, repeat.IsReplay);
        if (!repeat.IsReplay)
            _shortfalls.Add("the writer whose request was repeated had not committed");
        for (var i = 0; i < 20; i++)
            foreach (var node in new[] { 2, 1 })
            {
                var answer = await ReadAsync(cards, node, cancellationToken);
                if (repeat.IsSuccess && answer.Failure is null && answer.Source != Source.Stale && cards.Value(answer) is var value && value != write.Value)
                    _breaches.Add(new Breach(FreshnessRules.Stale, cards.Subject.Name, $"{write.Value}, since its repeat was answered", $"{value} from node {node}"));
            }
        await servers.ReviveServerAsync(0, cancellationToken);
        return $"the repeat was answered after {Ms(clock.GetElapsedTime(repeat.Began, repeat.Ended))}, and no old value after it";
    }

    private async Task<string> MissesAsync(CancellationToken cancellationToken)
    {
        var one = await CountAsync(1, loaderDies: false, cancellationToken);
        var all = await ManyAsync(loaderDies: false, cancellationToken);
        if (one.Loads == 0)
            _shortfalls.Add("a miss did not ask PostgreSQL: its loads cannot be counted");
        if (all.Answered != Misses || (all.Counts && all.Loads != one.Loads))
            _breaches.Add(new Breach("stampede", $"{Misses} misses", $"{Misses} answers from 1 load, of {one.Loads} statements", $"{all.Answered} from {all.Loads} statements"));
        return $"{all.Answered} answers from {all.Loads} statements in PostgreSQL; one miss alone takes {one.Loads}";
    }

    private async Task<string> LoaderDiesAsync(CancellationToken cancellationToken)
    {
        var one = await CountAsync(1, loaderDies: false, cancellationToken);
        var all = await ManyAsync(loaderDies: true, cancellationToken);
        if (all.Counts && all.Loads > 2 * one.Loads)
            _breaches.Add(new Breach("stampede", $"{Misses} misses whose loader dies", $"2 loads at most, of {one.Loads} statements each", $"{all.Loads} statements"));
        // Those who asked the node that died have lost their connection.
        var others = Misses - Enumerable.Range(0, Misses).Count(i => i % wire.Nodes == all.Died);
        if (all.Answered < others)
            _breaches.Add(new Breach("stampede", $"{Misses} misses whose loader dies", $"{others} answers", $"{all.Answered}"));
        return $"{all.Answered} answers from {all.Loads} statements in PostgreSQL, {others} of them due from the nodes that lived";
    }

    // A node that Redis answers too late, or whose lease has run out, loads by itself, as it should. It does so on a machine that stood
    // still; then it is counted again.
    private async Task<Count> ManyAsync(bool loaderDies, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = await RedisAsync(cancellationToken);
            var count = await CountAsync(Misses, loaderDies, cancellationToken);
            var after = await RedisAsync(cancellationToken);
            if (Enumerable.Range(0, wire.Nodes).Any(n => n != count.Died && (before[n].Rests || after[n].Late > before[n].Late)))
                count = count with { Counts = false };
            if (count.Counts)
                return count;
            if (attempt == MostCounts)
            {
                _shortfalls.Add($"{MostCounts} times Redis answered a node too late, or its lease had run out, while {Misses} misses of one value were counted");
                return count;
            }
            await Task.Delay(UntilTriedAgain, clock, cancellationToken);
        }
    }

    /// <summary>For each node, how many answers of Redis came too late for its reads so far, and whether it leaves Redis alone since.</summary>
    private async Task<(long Late, bool Rests)[]> RedisAsync(CancellationToken cancellationToken)
    {
        var nodes = new (long, bool)[wire.Nodes];
        for (var node = 0; node < wire.Nodes; node++)
        {
            using var message = Wire.Message(HttpMethod.Get, "/v1/ops/cache", cast.ServiceKey);
            var answer = await wire.SendAsync(node, message, Within, cancellationToken);
            if (!answer.IsSuccess)
                throw new InvalidOperationException($"Node {node} did not tell of its cache: {answer.Status} {answer.Failure} {answer.Body}.");
            var redis = answer.Body.GetProperty("redis");
            nodes[node] = (redis.GetProperty("late").GetInt64(), redis.GetProperty("isResting").GetBoolean());
        }
        return nodes;
    }

    /// <summary>So many at once ask for a deck that nobody has asked for, and everything that names it to PostgreSQL is counted.</summary>
    /// <param name="readers">How many.</param>
    /// <param name="loaderDies">Whoever asks PostgreSQL first gets no answer to that and is killed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<Count> CountAsync(int readers, bool loaderDies, CancellationToken cancellationToken)
    {
        var deck = await cast.DeckAsync(cast.Members[0], string.Create(CultureInfo.InvariantCulture, $"stampede-{wire.Now}"), cancellationToken);
        await WarmAsync(cast.Things.OfType<DeckName>().Last(), cancellationToken);
        var loads = 0;
        var loader = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var (node, relay) in servers.ToPostgres.Index())
            relay.Watch = new Watch(deck.Deck.ToByteArray(bigEndian: true), () => Seen(node, relay));
        var asking = Enumerable.Range(0, readers).Select(i => ReadAsync(deck, i % wire.Nodes, cancellationToken)).ToList();
        var died = -1;
        if (loaderDies)
        {
            died = await loader.Task.WaitAsync(Within, clock, cancellationToken);
            servers.StrikeDown(died);
            await servers.DiedAsync(died, cancellationToken);
            servers.ToPostgres[died].Cut();
            servers.ToPostgres[died].Mend();
        }
        var answers = await Task.WhenAll(asking);
        if (loaderDies)
            await servers.ReviveServerAsync(died, cancellationToken);
        foreach (var relay in servers.ToPostgres)
            relay.Watch = null;
        return new Count(loads, answers.Count(a => a.Failure is null && deck.Value(a) == 0), died, answers.All(a => a.Source != Source.Bypassed));

        void Seen(int node, Relay relay)
        {
            if (Interlocked.Increment(ref loads) == 1 && loaderDies)
            {
                relay.Answers.Hold();
                loader.TrySetResult(node);
            }
        }
    }

    // Node 0 is the one that dies.
    private async Task<long> DieOfAsync(HttpRequestMessage write, CancellationToken cancellationToken)
    {
        servers.ArmDeath(0);
        using (write)
            await wire.SendAsync(0, write, Within, cancellationToken);
        var lost = wire.Now;
        await servers.DiedAsync(0, cancellationToken).WaitAsync(Within, clock, cancellationToken);
        return lost;
    }

    /// <summary>Returns once every node has answered from its cache.</summary>
    private async Task WarmAsync(ReadableThing thing, CancellationToken cancellationToken)
    {
        var started = wire.Now;
        for (var node = 0; node < wire.Nodes; node++)
            while (!(await ReadAsync(thing, node, cancellationToken)).Source.IsHit())
            {
                if (clock.GetElapsedTime(started) > WarmWithin)
                {
                    _shortfalls.Add($"node {node} did not answer from its cache within {WarmWithin.TotalSeconds:0} s");
                    return;
                }
                await Task.Delay(LookAgain, clock, cancellationToken);
            }
    }

    private async Task<WireAnswer> ReadAsync(ReadableThing thing, int node, CancellationToken cancellationToken)
    {
        using var message = Wire.Message(HttpMethod.Get, thing.Paths[0], cast.Slots[0].Current.Token);
        return await wire.SendAsync(node, message, Within, cancellationToken);
    }

    private static string Ms(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    /// <summary>What misses cost.</summary>
    /// <param name="Loads">Statements about the value that PostgreSQL was sent.</param>
    /// <param name="Answered">Readers with the right answer.</param>
    /// <param name="Died">The node that was killed; -1 for none.</param>
    /// <param name="Counts">Every node had what it needs for one load to be enough.</param>
    private readonly record struct Count(int Loads, int Answered, int Died, bool Counts);
}
