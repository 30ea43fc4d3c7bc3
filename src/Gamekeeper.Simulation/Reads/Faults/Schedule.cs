namespace Gamekeeper.Simulation.Reads.Faults;

/// <summary>
/// The stretches of a run: nothing broken, one kind of fault, nothing broken, the next kind, … Each lasts until its share of writes was
/// acknowledged; the pace is such that this takes at least as long as the fault needs.
/// </summary>
internal sealed record Schedule(IReadOnlyList<Stretch> Stretches)
{
    private static readonly TimeSpan LeastHealthy = TimeSpan.FromSeconds(0.8);

    /// <summary>The schedule of a plan.</summary>
    public static Schedule Of(ReadsPlan plan)
    {
        var random = new Random(plan.Seed);
        var kinds = plan.Only.Count == 0 ? Enum.GetValues<FaultKind>() : [.. plan.Only];
        random.Shuffle(kinds);
        var inFault = (int)Math.Ceiling(plan.Writes * plan.Share);
        var healthy = Math.Max(1, (plan.Writes - (inFault * kinds.Length)) / (kinds.Length + 1) + 1);
        var stretches = new List<Stretch> { Of(null, healthy, random, plan) };
        foreach (var kind in kinds)
        {
            stretches.Add(Of(kind, inFault, random, plan));
            stretches.Add(Of(null, healthy, random, plan));
        }
        return new Schedule(stretches);
    }

    private static Stretch Of(FaultKind? kind, int writes, Random random, ReadsPlan plan)
    {
        var reads = (writes * ReadsPlan.ReadsForAWrite) + (kind is null ? plan.Players * ReadsPlan.ReadsAfterAFault : 0);
        var least = kind is { } fault ? LeastOf(fault) : LeastHealthy;
        var rate = Math.Min(plan.Rate, (writes + reads) / least.TotalSeconds);
        return new Stretch(kind, writes, reads, rate, random.Next());
    }

    // One strike and what follows it, until every node serves again.
    private static TimeSpan LeastOf(FaultKind kind) =>
        TimeSpan.FromSeconds(kind switch
        {
            FaultKind.RedisFlushed => 2,
            FaultKind.WriterKilled => 6,
            _ => 4,
        });
}

/// <summary>One of them.</summary>
/// <param name="Kind">What is broken; null for nothing.</param>
/// <param name="Writes">To be acknowledged at least.</param>
/// <param name="Reads">To be answered at least.</param>
/// <param name="Rate">Operations a second at most.</param>
/// <param name="Seed">Decides where each strike falls and how long it lasts.</param>
internal sealed record Stretch(FaultKind? Kind, int Writes, int Reads, double Rate, int Seed)
{
    /// <summary>Reads a second at most.</summary>
    public double ReadRate => Rate * Reads / (Reads + Writes);

    /// <summary>Writes a second at most; both are done at about the same time.</summary>
    public double WriteRate => Rate * Writes / (Reads + Writes);
}
