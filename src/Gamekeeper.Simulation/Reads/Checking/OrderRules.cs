using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>
/// What the other rules stand on: the writes of a subject were made one after the other. A breach of it is a defect of the proof, and
/// without this rule it would look like a promise that holds.
/// </summary>
internal static class OrderRules
{
    public const string NotInOrder = "not in order";

    public static IEnumerable<Breach> Run(IReadOnlyList<Subject> subjects, Moments moments)
    {
        foreach (var subject in subjects)
            foreach (var (before, after) in subject.Writes.Zip(subject.Writes.Skip(1)))
            {
                var ended = before.Acknowledged == long.MaxValue ? before.Began : before.Acknowledged;
                if (after.Value != before.Value + 1 || after.Began < ended)
                    yield return new Breach(
                        NotInOrder,
                        subject.Name,
                        $"{before.Value + 1} after {moments.Tell(ended)}",
                        $"{after.Value} at {moments.Tell(after.Began)}"
                    );
            }
    }
}
