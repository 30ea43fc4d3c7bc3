using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Whoever looked at a card saw it as it was at some moment between question and answer, and never older than somebody before them.</summary>
internal static class ReadRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        var looks = evidence.Requests.Where(r => r.Asked is Asked.Read)
            .SelectMany(r => r.Acknowledgements.Select(a => (Request: r, ((Asked.Read)r.Asked).Card, a.Send, Seen: a.Done)));
        foreach (var ofCard in looks.GroupBy(l => l.Card))
        {
            var ended = ofCard.OrderBy(l => l.Send.Ended).ToList();
            var (newest, next) = (0, 0);
            foreach (var look in ofCard.OrderBy(l => l.Send.Began))
            {
                for (; next < ended.Count && ended[next].Send.Ended < look.Send.Began; next++)
                    newest = Math.Max(newest, ended[next].Seen.Events);
                var (least, most) = evidence.Timeline.Seen(look.Card, look.Send.Began, look.Send.Ended);
                least = Math.Max(least, newest);
                if (look.Seen.Events < least || look.Seen.Events > most || evidence.Timeline.OwnerAfter(look.Card, look.Seen.Events) != look.Seen.Id)
                    yield return new(
                        "stale read",
                        AnswerRules.Named(look.Request),
                        $"it as it was after {least} to {most} events ({evidence.Timeline.OwnerAfter(look.Card, least)}'s after {least})",
                        $"{look.Seen.Id}'s after {look.Seen.Events}");
            }
        }
    }
}
