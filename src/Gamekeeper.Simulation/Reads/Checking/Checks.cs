using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>Every rule, over the whole of what happened.</summary>
internal static class Checks
{
    public static IEnumerable<Breach> Run(History history, IReadOnlyDictionary<int, int> stored, Moments moments) =>
        [
            .. OrderRules.Run(history.Subjects, moments),
            .. FreshnessRules.Run(history.Subjects, history.Seen, moments),
            .. KilledWriterRules.Run(history.Subjects, history.Seen, history.Strikes, moments),
            .. AnswerRules.Run(history, moments),
            .. StoredRules.Run(history.Subjects, stored),
        ];
}
