using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>
/// Everybody who reads and writes at once. Each has a node of their own, so that those of one that stands still wait there and the others
/// go on; a repeat goes to another one.
/// </summary>
internal sealed class Crowd(Wire wire, History history, Cast cast, ReadsPlan plan) : IDisposable
{
    private const int ReadersOfANode = 8;
    private const int WritersOfANode = 8;

    // Out of 100, by kind; cards are heavy, and sessions are opened anew each time.
    private const int NumbersShare = 40;
    private const int DecksShare = 40;
    private const int CardsShare = 14;
    private const int SessionsFrom = NumbersShare + DecksShare + CardsShare;

    private readonly Reading _reading = new(wire, history);
    private readonly Writing _writing = new(wire, history);
    private readonly Lookers _lookers = new(wire, cast, new Reading(wire, history));
    private readonly IReadOnlyList<ReadableThing>[] _byKind =
    [
        [.. cast.Things.OfType<Numbers>()], [.. cast.Things.OfType<DeckName>()], [.. cast.Things.OfType<Collection>()],
    ];

    public Pace Reads { get; } = new(wire.Clock);

    public Pace Writes { get; } = new(wire.Clock);

    /// <summary>Goes on until it is told to end; who is waiting for the outcome of a write still gets it.</summary>
    public async Task RunAsync(CancellationToken ending, CancellationToken cancellationToken)
    {
        List<Task> everybody = [.. _lookers.Run(ending, cancellationToken)];
        var lookers = everybody.Count;
        for (var node = 0; node < wire.Nodes; node++)
        {
            var mine = node;
            for (var i = 0; i < ReadersOfANode; i++)
                everybody.Add(Loop(Reads, new Random(HashCode(plan.Seed, everybody.Count - lookers)), r => ReadAsync(r, mine, cancellationToken), ending));
            for (var i = 0; i < WritersOfANode; i++)
                everybody.Add(Loop(Writes, new Random(HashCode(plan.Seed, everybody.Count - lookers)), r => WriteAsync(r, mine, cancellationToken), ending));
        }
        // Whoever fails ends the play at once; nobody is missed in silence.
        await foreach (var done in Task.WhenEach(everybody))
            await done;
    }

    public void Dispose()
    {
        Reads.Dispose();
        Writes.Dispose();
    }

    private static async Task Loop(Pace pace, Random random, Func<Random, Task> once, CancellationToken ending)
    {
        // Off the caller's thread before the first turn.
        await Task.Yield();
        while (!ending.IsCancellationRequested)
        {
            await pace.TurnAsync(ending);
            if (!ending.IsCancellationRequested)
                await once(random);
        }
    }

    private Task ReadAsync(Random random, int node, CancellationToken cancellationToken)
    {
        var thing = Draw(random);
        var slot = cast.Slots[random.Next(cast.Slots.Count)];
        var session = random.Next(50) == 0 && slot.Former is { } former ? former : slot.Current;
        return _reading.RunAsync(thing, thing.Paths[random.Next(thing.Paths.Count)], session, node, cancellationToken);
    }

    private async Task WriteAsync(Random random, int node, CancellationToken cancellationToken)
    {
        var kind = random.Next(100);
        if (Free(kind < SessionsFrom ? _byKind[Kind(kind)] : cast.Slots, random) is not { } thing)
            return;
        foreach (var member in cast.Members)
            await member.KeepAsync(wire, node, cancellationToken);
        if (await _writing.RunAsync(thing, node, random, cancellationToken) is { } by)
            _lookers.Tell(thing, by);
    }

    private static int Kind(int of100) =>
        of100 switch
        {
            < NumbersShare => 0,
            < NumbersShare + DecksShare => 1,
            _ => 2,
        };

    private ReadableThing Draw(Random random)
    {
        var ofKind = _byKind[random.Next(_byKind.Length)];
        return ofKind[random.Next(ofKind.Count)];
    }

    private static Thing? Free(IReadOnlyList<Thing> things, Random random)
    {
        var first = random.Next(things.Count);
        for (var i = 0; i < things.Count; i++)
            if (things[(first + i) % things.Count] is var thing && thing.TryTake())
                return thing;
        return null;
    }

    // Not the runtime's, which differs from run to run.
    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * 7919));
}
