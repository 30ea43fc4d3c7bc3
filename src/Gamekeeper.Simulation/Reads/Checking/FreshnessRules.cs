using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>
/// The promise itself: what was answered and not marked stale is no older than the last write that had been acknowledged before the
/// question began. And whatever was answered had been written by then.
/// </summary>
internal static class FreshnessRules
{
    public const string Stale = "stale read";
    public const string Unwritten = "unwritten";

    public static IEnumerable<Breach> Run(IReadOnlyList<Subject> subjects, IEnumerable<Seen> seen, Moments moments)
    {
        var timelines = subjects.Select(s => new SubjectTimeline(s.Writes)).ToList();
        foreach (var answer in seen)
        {
            var timeline = timelines[answer.Subject];
            if (answer.Value > timeline.BegunBy(answer.Ended))
                yield return new Breach(
                    Unwritten,
                    subjects[answer.Subject].Name,
                    $"at most {timeline.BegunBy(answer.Ended)}, which was written last by {moments.Tell(answer.Ended)}",
                    $"{answer.Value}, {Told(answer, moments)}"
                );
            else if (answer.Source != Source.Stale && answer.Value < timeline.AcknowledgedBefore(answer.Began))
                yield return new Breach(
                    Stale,
                    subjects[answer.Subject].Name,
                    timeline.Last(answer.Began) is { } write
                        ? $"at least {write.Value}, whose write began at {moments.Tell(write.Began)} and was acknowledged by node {write.AcknowledgedBy} at {moments.Tell(write.Acknowledged)}"
                        : "",
                    $"{answer.Value}, {Told(answer, moments)}{moments.During(answer.Began, answer.Ended)}"
                );
        }
    }

    private static string Told(Seen answer, Moments moments) =>
        $"asked of node {answer.Node} at {moments.Tell(answer.Began)}, answered at {moments.Tell(answer.Ended)} ({answer.Source.ToString().ToLowerInvariant()})";
}
