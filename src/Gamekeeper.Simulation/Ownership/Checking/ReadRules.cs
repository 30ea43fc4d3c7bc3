using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Whoever looked at a card saw it as it was at some moment between question and answer.</summary>
internal static class ReadRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        foreach (var request in evidence.Requests)
            if (request.Asked is Asked.Read read)
                foreach (var (send, seen) in request.Acknowledgements)
                {
                    var window = evidence.Timeline.Window(send.Began, send.Ended);
                    if (!evidence.Timeline.Sometime(window, [read.Card], s => IsAsSeen(evidence, read.Card, s, seen)))
                        yield return new(
                            "stale read",
                            AnswerRules.Named(request),
                            $"{evidence.Timeline.OwnerAt(read.Card, window.First)} after {evidence.Timeline.PositionAt(read.Card, window.First)} events, or something later",
                            $"{seen.Id} after {seen.Events}");
                }
    }

    private static bool IsAsSeen(Evidence evidence, Guid card, int state, Reply.Done seen) =>
        evidence.Timeline.PositionAt(card, state) == seen.Events && evidence.Timeline.OwnerAt(card, state) == seen.Id;
}
