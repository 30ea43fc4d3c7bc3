using Gamekeeper.Simulation.Reads.Checking;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads;

/// <summary>What was done, counted from the record of it and not from the schedule.</summary>
internal static class Measures
{
    public static ReadsTotals Totals(History history)
    {
        var writes = history.Subjects.SelectMany(s => s.Writes).ToList();
        return new ReadsTotals(
            history.Reads,
            history.Sendings.Count(s => s is { IsWrite: false, Failure: not null }),
            history.Seen.Count(s => s is { Source: Source.Stale, IsSecond: false }),
            writes.Count(w => w.Acknowledged != long.MaxValue),
            writes.Count(w => w.IsDone && w.Acknowledged == long.MaxValue),
            writes.Count(w => w.LostTo >= 0),
            writes.Count(w => !w.IsDone),
            KilledWriterRules.Orphans(history.Subjects, history.Strikes).Sum(o => o.Writes.Count));
    }

    /// <summary>The share of acknowledged writes so far that was under way in a kind of fault.</summary>
    public static double Share(History history, FaultKind kind)
    {
        var writes = history.Subjects.SelectMany(s => s.Writes).Where(w => w.Acknowledged != long.MaxValue).ToList();
        var mine = new StrikeTimes(history.Strikes.Where(s => s.Kind == kind));
        return Part(writes.Count(w => mine.Cover(w.Began, w.Acknowledged)), writes.Count);
    }

    /// <summary>One line for each kind of fault, and one for the time between them, which begins once every node serves.</summary>
    public static (StretchFigures Healthy, IReadOnlyList<StretchFigures> Faults) Figures(History history, long began, long ended, Moments moments)
    {
        var strikes = history.Strikes;
        var broken = new StrikeTimes(strikes);
        var all = history.Subjects.SelectMany(s => s.Writes).Count(w => w.Acknowledged != long.MaxValue);
        var seconds = strikes.Sum(s => moments.Span(s.Over - s.Began).TotalSeconds);
        var healthy = Of("healthy", [], history, all, (b, e) => b >= began && !broken.Cover(b, e), moments)
            with { Seconds = Math.Round(moments.Span(ended - began).TotalSeconds - seconds, 1) };
        return (healthy, [
            .. Enum.GetValues<FaultKind>().Select(kind =>
            {
                var mine = strikes.Where(s => s.Kind == kind).ToList();
                return Of(FaultKinds.Name(kind), mine, history, all, new StrikeTimes(mine).Cover, moments);
            }),
        ]);
    }

    private static StretchFigures Of(string name, List<Strike> strikes, History history, int all, Func<long, long, bool> isIn, Moments moments)
    {
        var writes = history.Subjects.SelectMany(s => s.Writes).Where(w => w.Acknowledged != long.MaxValue && isIn(w.Began, w.Acknowledged)).ToList();
        var times = writes.Select(w => moments.Span(w.Acknowledged - w.Began).TotalMilliseconds).Order().ToList();
        var reads = history.Seen.Where(s => !s.IsSecond && isIn(s.Began, s.Ended)).ToList();
        var sendings = history.Sendings.Where(s => isIn(s.Began, s.Ended)).ToList();
        var unanswered = sendings.Count(s => s is { IsWrite: false, Failure: not null });
        var sent = sendings.Count(s => s.IsWrite);
        return new StretchFigures(
            name,
            strikes.Count,
            Math.Round(strikes.Sum(s => moments.Span(s.Over - s.Began).TotalSeconds), 1),
            writes.Count,
            Part(writes.Count, all),
            reads.Count,
            Part(reads.Count, reads.Count + unanswered),
            Part(sendings.Count(s => s is { IsWrite: true, Failure: null }), sent),
            At(times, 0.5),
            At(times, 0.99),
            At(times, 1),
            Part(reads.Count(r => r.Source.IsHit()), reads.Count),
            reads.Count(r => r.Source == Source.Memory),
            reads.Count(r => r.Source == Source.Redis),
            reads.Count(r => r.Source == Source.Bypassed),
            reads.Count(r => r.Source == Source.Stale));
    }

    private static double At(List<double> sorted, double part) =>
        sorted.Count == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))], 1);

    private static double Part(int of, int all) => all == 0 ? 0 : Math.Round((double)of / all, 4);
}
