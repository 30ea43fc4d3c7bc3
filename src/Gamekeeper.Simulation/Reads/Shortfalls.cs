namespace Gamekeeper.Simulation.Reads;

/// <summary>What a run did not try hard enough to be a proof: it says so, rather than pass.</summary>
internal static class Shortfalls
{
    // A handful by accident would prove little.
    private const int LeastFromALevel = 20;

    public static IEnumerable<string> Of(ReadsPlan plan, ReadsTotals totals, StretchFigures healthy, IReadOnlyList<StretchFigures> faults)
    {
        foreach (var fault in faults.Where(f => f.Strikes == 0))
            yield return $"'{fault.Name}' was never made";
        foreach (var fault in faults.Where(f => f is { Strikes: > 0, Share: < ReadsPlan.LeastShare }))
            yield return $"'{fault.Name}' covered {fault.Share:P1} of the acknowledged writes; a proof needs {ReadsPlan.LeastShare:P0}";
        if (healthy.Hits < ReadsPlan.LeastHits)
            yield return $"{healthy.Hits:P1} of the reads were hits while nothing was broken; a proof needs {ReadsPlan.LeastHits:P0}";
        if (healthy.Memory < LeastFromALevel)
            yield return $"{healthy.Memory} reads were answered from memory while nothing was broken";
        if (healthy.Redis < LeastFromALevel)
            yield return $"{healthy.Redis} reads were answered from Redis while nothing was broken";
        if (totals.ReadsAnswered + totals.WritesAcknowledged < plan.Operations)
            yield return $"{totals.ReadsAnswered + totals.WritesAcknowledged} of {plan.Operations} operations were answered";
        if (totals.OrphanedWrites == 0)
            yield return "no writer that was killed had committed and not told";
    }
}
