namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>What is played, in order, and where the faults fall. Derived from the plan alone.</summary>
/// <param name="Plays">One after the other, several at once.</param>
/// <param name="Faults">By the operations that have been played when they strike, ascending.</param>
internal sealed record Schedule(IReadOnlyList<Play> Plays, IReadOnlyList<Fault> Faults)
{
    // Weights, out of 100; rivals and swaps are most of the operations, since they name several.
    private static readonly (PlayKind Kind, int Weight)[] Mix =
    [
        (PlayKind.Swap, 29), (PlayKind.Rivals, 15), (PlayKind.Decline, 6), (PlayKind.Cancel, 6), (PlayKind.EndsAtOnce, 6),
        (PlayKind.GiftOfOffered, 6), (PlayKind.Gift, 9), (PlayKind.ByTheGame, 4), (PlayKind.Mint, 5), (PlayKind.Trespass, 5), (PlayKind.Read, 9),
    ];

    /// <summary>The schedule of a plan.</summary>
    public static Schedule Of(ProofPlan plan)
    {
        var random = new Random(plan.Seed);
        var plays = new List<Play>();
        var (scheduled, rare) = (0, 0);
        while (scheduled < plan.Operations)
        {
            // Rare ones by count and not by luck, so that a short run has them too.
            var kind = scheduled / 400 >= rare ? (rare++ % 2 == 0 ? PlayKind.Newcomer : PlayKind.Verify) : Pick(random);
            var play = Draw(kind, random);
            plays.Add(play);
            scheduled += play.Operations;
        }
        return new Schedule(plays, [.. FaultsOf(plan, random)]);
    }

    private static PlayKind Pick(Random random)
    {
        var left = random.Next(Mix.Sum(m => m.Weight));
        return Mix.First(m => (left -= m.Weight) < 0).Kind;
    }

    private static Play Draw(PlayKind kind, Random random)
    {
        var hot = random.Next(100) < (kind == PlayKind.Rivals ? 70 : 50);
        return new Play(
            kind,
            Card: hot ? random.Next(ProofPlan.HotCards) : random.Next(ProofPlan.HotCards, ProofPlan.Cards),
            OtherCard: random.Next(ProofPlan.Cards),
            Size: random.Next(1, 4),
            Offers: kind == PlayKind.Rivals ? random.Next(2, 5) : 1,
            Player: random.Next(ProofPlan.Players),
            Doubled: random.Next(256),
            Dice: random.Next(1 << 20));
    }

    // Evenly spread with a shake, none before work has begun and none after it thins out; every kind of victim in turn, in a drawn order.
    private static IEnumerable<Fault> FaultsOf(ProofPlan plan, Random random)
    {
        var victims = Array.Empty<Victim>();
        for (var i = 0; i < plan.Kills; i++)
        {
            if (i % 3 == 0)
                random.Shuffle(victims = [Victim.Postmaster, Victim.Backend, Victim.Server]);
            var at = (i + 0.4 + (0.5 * random.NextDouble())) / plan.Kills * 0.85 * plan.Operations;
            yield return new Fault(victims[i % 3], (int)at, random.Next(plan.Servers));
        }
    }
}

/// <summary>What is killed.</summary>
internal enum Victim
{
    /// <summary>The whole of PostgreSQL, at its head.</summary>
    Postmaster,

    /// <summary>One process of PostgreSQL, at its commit if there is one: the others go down with it, and it recovers by itself.</summary>
    Backend,

    /// <summary>One of our servers.</summary>
    Server,
}

/// <summary>A SIGKILL to come.</summary>
/// <param name="Victim">What is killed.</param>
/// <param name="AtOperation">Once so many operations have been played.</param>
/// <param name="Server">Which server, where it is one.</param>
internal sealed record Fault(Victim Victim, int AtOperation, int Server);
