using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>What is stored at the end is what was written last: neither lost nor overwritten by something older.</summary>
internal static class StoredRules
{
    public const string Lost = "lost";

    /// <param name="subjects">Everything that was written.</param>
    /// <param name="stored">Values by the number of the subject, read past the product.</param>
    public static IEnumerable<Breach> Run(IReadOnlyList<Subject> subjects, IReadOnlyDictionary<int, int> stored)
    {
        foreach (var subject in subjects)
        {
            var done = subject.Writes.Where(w => w.IsDone).Select(w => w.Value).DefaultIfEmpty(0).Max();
            var found = stored.TryGetValue(subject.Number, out var value) ? value : -1;
            if (found < done || found > subject.Begun)
                yield return new Breach(Lost, subject.Name, done == subject.Begun ? $"{done}" : $"{done} to {subject.Begun}", found < 0 ? "nothing" : $"{found}");
        }
    }
}
