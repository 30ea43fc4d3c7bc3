using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>Everything is answered in the end, with an answer to what was asked; and a Redis that forgets is nobody's error.</summary>
internal static class AnswerRules
{
    public const string Answer = "answer";
    public const string NoAnswer = "no answer";
    public const string Flushed = "error of a flush";

    public static IEnumerable<Breach> Run(History history, Moments moments)
    {
        foreach (var oddity in history.Oddities)
            yield return new Breach(Answer, oddity.Asked, "an answer to it", $"{oddity.Found}, from node {oddity.Node} at {moments.Tell(oddity.At)}");
        foreach (var (subject, write) in history.Subjects.SelectMany(s => s.Writes.Where(w => !w.IsDone).Select(w => (s, w))))
            yield return new Breach(NoAnswer, subject.Name, $"an answer to the write of {write.Value}", $"none since {moments.Tell(write.Began)}");
        var flushes = history.Strikes.Where(s => s.Kind == FaultKind.RedisFlushed).ToList();
        foreach (var failed in history.Sendings.Where(s => s.Failure is not null))
            if (flushes.Exists(f => failed.Began >= f.Began && failed.Began <= f.Mended))
                yield return new Breach(
                    Flushed,
                    failed.IsWrite ? "a write" : "a read",
                    "an answer, whatever Redis has forgotten",
                    $"{failed.Failure}, from node {failed.Node} at {moments.Tell(failed.Began)}"
                );
    }
}
