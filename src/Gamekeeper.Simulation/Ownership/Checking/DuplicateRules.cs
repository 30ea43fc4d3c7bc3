using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>However often a request is sent under its key, it has its effect once, and who asks again is told the same.</summary>
internal static class DuplicateRules
{
    public static IEnumerable<Breach> Of(Evidence evidence) => evidence.Requests.Where(r => r.Asked.HasKey).SelectMany(Of);

    private static IEnumerable<Breach> Of(Request request)
    {
        var all = request.Acknowledgements.ToList();
        if (all.Count == 0)
            yield break;
        var (_, first) = all[0];
        foreach (var (_, other) in all.Where(a => !a.Done.SaysTheSame(first)).Take(1))
            yield return new("unequal duplicates", AnswerRules.Named(request), $"every answer to say {first}, as the first one did", other.ToString());
        var made = all.Count(a => !a.Done.IsReplay);
        if (made > 1)
            yield return new("doubled", AnswerRules.Named(request), "one sending to have the effect, and all others to be told of it", $"{made} that say they had it");
        var known = all.Min(a => a.Send.Ended);
        foreach (var late in request.Sends.Where(s => s.Reply is Reply.Refused && s.Began > known).Take(1))
            yield return new("unequal duplicates", AnswerRules.Named(request), $"a repeat to be told {first}, as it was acknowledged before", late.Reply.ToString()!);
    }
}
