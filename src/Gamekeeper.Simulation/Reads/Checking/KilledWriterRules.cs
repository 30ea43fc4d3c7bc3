using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>
/// A writer that died between its commit and the telling: two seconds later nobody answers with the old value, though nobody was promised
/// so. Counted from when its client lost the connection.
/// </summary>
internal static class KilledWriterRules
{
    public const string Untold = "untold";

    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    public static IEnumerable<Breach> Run(IReadOnlyList<Subject> subjects, IEnumerable<Seen> seen, IReadOnlyList<Strike> strikes, Moments moments)
    {
        var orphans = Orphans(subjects, strikes).ToDictionary(o => o.Subject, o => o.Writes);
        foreach (var answer in seen)
        {
            if (answer.Source == Source.Stale || !orphans.TryGetValue(answer.Subject, out var writes))
                continue;
            var due = writes.LastOrDefault(w => w.DoneUnanswered + moments.Ticks(Bound) < answer.Began);
            if (due is not null && answer.Value < due.Value)
                yield return new Breach(
                    Untold,
                    subjects[answer.Subject].Name,
                    $"at least {due.Value}, whose writer, node {due.LostTo}, died with it before {moments.Tell(due.DoneUnanswered)}",
                    $"{answer.Value}, asked of node {answer.Node} at {moments.Tell(answer.Began)} ({answer.Source.ToString().ToLowerInvariant()})"
                );
        }
    }

    /// <summary>Writes that were committed, and whose writer was killed before it could tell.</summary>
    public static IEnumerable<(int Subject, IReadOnlyList<Written> Writes)> Orphans(IReadOnlyList<Subject> subjects, IReadOnlyList<Strike> strikes)
    {
        var kills = strikes.Where(s => s.Kind == FaultKind.WriterKilled).ToList();
        foreach (var subject in subjects)
        {
            var writes = subject.Writes
                .Where(w => w.DoneUnanswered != long.MaxValue && kills.Exists(k => k.Node == w.LostTo && k.Covers(w.DoneUnanswered, w.DoneUnanswered)))
                .ToList();
            if (writes.Count > 0)
                yield return (subject.Number, writes);
        }
    }
}
