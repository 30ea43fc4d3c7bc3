using Gamekeeper.Simulation.Reads.Playing;
using Gamekeeper.Simulation.Reads.Recording;
using Gamekeeper.Simulation.Reads.Relays;

namespace Gamekeeper.Simulation.Reads.Faults;

/// <summary>Makes one fault after the other, takes it back, and waits until every node answers from its cache again.</summary>
internal sealed class Breaker(IReadsServers servers, History history, Pace writes, TimeProvider clock)
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(30);

    private readonly List<string> _unrecovered = [];

    /// <summary>Strikes after which a node did not come back to its cache in time, or that could not be made as planned.</summary>
    public IReadOnlyList<string> Unrecovered => _unrecovered;

    public async Task<Strike> StrikeAsync(FaultKind kind, Random random, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var (node, told) = kind switch
        {
            FaultKind.RedisKilled => await KillRedisAsync(random, cancellationToken),
            FaultKind.RedisOldDump => await BringBackOldAsync(random, cancellationToken),
            FaultKind.RedisPaused => await PauseRedisAsync(random, cancellationToken),
            FaultKind.RedisFlushed => await FlushAsync(random, cancellationToken),
            FaultKind.RedisRequestsHeld => await HoldAsync([servers.ToRedis], "Redis", true, false, random, cancellationToken),
            FaultKind.RedisAnswersHeld => await HoldAsync([servers.ToRedis], "Redis", false, true, random, cancellationToken),
            FaultKind.RedisHeld => await HoldAsync([servers.ToRedis], "Redis", true, true, random, cancellationToken),
            FaultKind.PostgresHeld => await HoldPostgresAsync(random, cancellationToken),
            FaultKind.NodePaused => await PauseNodeAsync(random, cancellationToken),
            FaultKind.WriterKilled => await KillWriterAsync(random, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(kind.ToString()),
        };
        var mended = clock.GetTimestamp();
        var over = await RecoveredAsync(mended, told, cancellationToken);
        var strike = new Strike(kind, node, began, mended, over, told);
        history.Add(strike);
        return strike;
    }

    /// <summary>Returns once every node has answered from its cache for a while.</summary>
    public async Task<long> RecoveredAsync(long since, string after, CancellationToken cancellationToken)
    {
        while (true)
        {
            await PauseAsync(LookAgain, cancellationToken);
            var now = clock.GetTimestamp();
            var calmSince = now - (long)(Calm.TotalSeconds * clock.TimestampFrequency);
            if (calmSince >= since && Enumerable.Range(0, history.Nodes).All(n => history.ServedAt(n) > calmSince && history.BypassedAt(n) < calmSince))
                return now;
            if (clock.GetElapsedTime(since, now) < RecoversWithin)
                continue;
            _unrecovered.Add($"{RecoversWithin.TotalSeconds:0} s after {after}, not every node answered from its cache");
            return now;
        }
    }

    private async Task<(int?, string)> KillRedisAsync(Random random, CancellationToken cancellationToken)
    {
        var down = Between(random, 100, 1500);
        await servers.Redis.KillAsync(cancellationToken);
        await PauseAsync(down, cancellationToken);
        await servers.Redis.StartAsync(withDump: false, cancellationToken);
        return (null, $"Redis killed and {down.TotalMilliseconds:0} ms later started empty");
    }

    // The values in the dump become old in the time before the kill. Whoever writes while Redis is away begins anew by that alone, and so does
    // whoever comes first when nobody's lease outlives the restart: so in two of three cases nobody writes meanwhile, and one node cannot
    // give its lease back.
    private async Task<(int?, string)> BringBackOldAsync(Random random, CancellationToken cancellationToken)
    {
        var keys = await servers.Redis.SaveAsync(cancellationToken);
        await PauseAsync(Between(random, 300, 800), cancellationToken);
        var node = random.Next(history.Nodes);
        var beside = random.Next(3);
        if (beside > 0)
        {
            writes.Hold();
            // Those under way are told.
            await PauseAsync(Calm, cancellationToken);
        }
        if (beside == 1)
            Hold(servers.ToPostgres[node], true, true);
        if (beside == 2)
            servers.PauseServer(node);
        await servers.Redis.KillAsync(cancellationToken);
        await servers.Redis.StartAsync(withDump: true, cancellationToken);
        // Longer than others need to find the new one, shorter than the lease.
        await PauseAsync(Between(random, 900, 1300), cancellationToken);
        if (beside == 1)
            servers.ToPostgres[node].Mend();
        if (beside == 2)
            servers.WakeServer(node);
        writes.Release();
        return (null, $"Redis killed and started from an older dump of {keys} keys{beside switch { 1 => $", node {node} without PostgreSQL", 2 => $", node {node} standing still", _ => "" }}");
    }

    private async Task<(int?, string)> PauseRedisAsync(Random random, CancellationToken cancellationToken)
    {
        var still = Between(random, 100, 3500);
        servers.Redis.Pause();
        await PauseAsync(still, cancellationToken);
        servers.Redis.Wake();
        return (null, $"Redis standing still for {still.TotalMilliseconds:0} ms");
    }

    private async Task<(int?, string)> FlushAsync(Random random, CancellationToken cancellationToken)
    {
        var times = random.Next(8, 16);
        for (var i = 0; i < times; i++)
        {
            await servers.Redis.FlushAsync(cancellationToken);
            await PauseAsync(Between(random, 30, 250), cancellationToken);
        }
        return (null, $"Redis flushed {times} times");
    }

    // Half of the time Redis is out of reach as well: such a node hears of nothing, and only its lease stops it.
    private Task<(int?, string)> HoldPostgresAsync(Random random, CancellationToken cancellationToken)
    {
        var way = random.Next(3);
        return random.Next(2) == 0
            ? HoldAsync([servers.ToPostgres], "PostgreSQL", way != 1, way != 0, random, cancellationToken)
            : HoldAsync([servers.ToPostgres, servers.ToRedis], "PostgreSQL and Redis", way != 1, way != 0, random, cancellationToken);
    }

    // A third of the time all nodes at once, else one; afterwards what was held arrives late, or its connection is cut.
    private async Task<(int?, string)> HoldAsync(IReadOnlyList<IReadOnlyList<Relay>> ways, string name, bool requests, bool answers, Random random, CancellationToken cancellationToken)
    {
        var node = random.Next(3) == 0 ? (int?)null : random.Next(history.Nodes);
        var held = Between(random, 300, 4500);
        var isCut = random.Next(2) == 0;
        var chosen = ways.SelectMany(way => node is { } one ? [way[one]] : way).ToList();
        foreach (var relay in chosen)
            Hold(relay, requests, answers);
        await PauseAsync(held, cancellationToken);
        foreach (var relay in chosen)
        {
            if (isCut)
                relay.Cut();
            relay.Mend();
        }
        var direction = (requests, answers) switch { (true, true) => "both ways", (true, false) => "towards it", _ => "from it" };
        return (node, $"{(node is { } n ? $"node {n}" : "every node")} without {name} {direction} for {held.TotalMilliseconds:0} ms, then {(isCut ? "cut" : "late")}");
    }

    // Shorter than a lease and longer in turn: the longer one is what a lease is for.
    private async Task<(int?, string)> PauseNodeAsync(Random random, CancellationToken cancellationToken)
    {
        var node = random.Next(history.Nodes);
        var still = random.Next(3) == 0 ? Between(random, 200, 1400) : Between(random, 2800, 4500);
        servers.PauseServer(node);
        await PauseAsync(still, cancellationToken);
        servers.WakeServer(node);
        return (node, $"node {node} standing still for {still.TotalMilliseconds:0} ms");
    }

    private async Task<(int?, string)> KillWriterAsync(Random random, CancellationToken cancellationToken)
    {
        var node = random.Next(history.Nodes);
        servers.ArmDeath(node);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await servers.DiedAsync(node, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            servers.DisarmDeath(node);
            _unrecovered.Add($"node {node} was to die at its next commit and had none");
            return (node, $"node {node} spared");
        }
        var gone = Between(random, 100, 2500);
        await PauseAsync(gone, cancellationToken);
        await servers.ReviveServerAsync(node, cancellationToken);
        return (node, $"node {node} killed after a commit, and started again {gone.TotalMilliseconds:0} ms later");
    }

    private static void Hold(Relay relay, bool requests, bool answers)
    {
        if (requests)
            relay.Requests.Hold();
        if (answers)
            relay.Answers.Hold();
    }

    private static TimeSpan Between(Random random, int leastMs, int mostMs) => TimeSpan.FromMilliseconds(random.Next(leastMs, mostMs));

    private Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clock, cancellationToken);
}
