using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Every acknowledged offer is there once and as it was made; it ends once, in the way that somebody was told, or not at all.</summary>
internal static class TradeRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        var rows = evidence.Stored.Trades.ToLookup(t => t.Id);
        foreach (var (id, request) in evidence.OfferOf)
        {
            var offer = evidence.Offers[id];
            if (rows[id].Count() != 1)
            {
                yield return new("lost", AnswerRules.Named(request), $"trade {id}, as it was acknowledged", $"{rows[id].Count()} of it");
                continue;
            }
            var row = rows[id].Single();
            if (row.Proposer != offer.By || row.Target != offer.To || !Same(row.Offered, offer.Offered) || !Same(row.Wanted, offer.Wanted))
                yield return new("wrong effect", $"trade {id}", "the offer as it was made", "another one");
            if (!WasTheirs(evidence, request, offer))
                yield return new("wrong effect", AnswerRules.Named(request), "a refusal: at no time in between were all these cards theirs", "an acknowledgement");
            foreach (var breach in Ends(evidence, row, [.. evidence.Enders[id]]))
                yield return breach;
        }
        foreach (var row in evidence.Stored.Trades.Where(t => !evidence.Offers.ContainsKey(t.Id)))
            yield return new("unasked effect", $"trade {row.Id}", "a request that was acknowledged for it", $"none; its message is {row.Message ?? "empty"}");
    }

    /// <summary>The trade that a request would end.</summary>
    public static Guid? TradeOf(Asked asked) =>
        asked switch
        {
            Asked.Accept accept => accept.Trade,
            Asked.Decline decline => decline.Trade,
            Asked.Cancel cancel => cancel.Trade,
            _ => null,
        };

    /// <summary>The first effect that moved a card of a standing offer other than by its acceptance; null when none did.</summary>
    public static int? MovedAway(Evidence evidence, Guid trade) =>
        evidence.OfferOf.TryGetValue(trade, out var request)
            ? evidence.Timeline.FirstMove(evidence.Offers[trade].Cards, evidence.Timeline.Window(request.DoneBy, request.DoneBy).Last)
            : null;

    private static IEnumerable<Breach> Ends(Evidence evidence, StoredTrade row, IReadOnlyList<Request> told)
    {
        var expected = told switch
        {
            [] => row.Status == "pending" || CouldHaveBeenCut(evidence, row.Id) ? null : "pending",
            [{ Asked: Asked.Accept }] => "completed",
            [{ Asked: Asked.Decline }] => "declined",
            [{ Asked: Asked.Cancel }] => "cancelled",
            _ => "one end",
        };
        if (told.Count > 1)
            yield return new("doubled", $"trade {row.Id}", expected!, string.Join(" and ", told.Select(t => t.ToString())));
        else if (expected is not null && row.Status != expected)
            yield return new(told.Count == 0 ? "unasked effect" : "lost", $"trade {row.Id}", $"{expected}{(told.Count == 0 ? "" : $", as {told[0]} was told")}", row.Status);
        if (told.Count == 0 && row.Status is not ("pending" or "cancelled"))
            yield return new("unasked effect", $"trade {row.Id}", "somebody to be told of its end", row.Status);

        if (told is [{ Asked: Asked.Accept } accepter] && row.Status == "completed" && row.Operation != accepter.Acknowledged!.Id)
            yield return new("wrong effect", $"trade {row.Id}", $"completed by operation {accepter.Acknowledged.Id}, as {accepter} was told", $"by {row.Operation?.ToString() ?? "none"}");

        // Its cards went elsewhere while it stood for certain: then it must have ended with that.
        if (MovedAway(evidence, row.Id) is not { } moved)
            yield break;
        if (row.Status == "pending")
            yield return new("open offer", $"trade {row.Id}", $"cancelled by {evidence.Timeline.Effects[moved]}, which moved a card of it", "pending");
        if (row.Operation is { } operation && evidence.IndexOf.TryGetValue(operation, out var accepted) && moved < accepted)
            yield return new("open offer", $"trade {row.Id}", $"cancelled by {evidence.Timeline.Effects[moved]}, which moved a card of it", $"completed later, by {operation}");
    }

    // Some effect that may have come behind the offer moved one of its cards.
    private static bool CouldHaveBeenCut(Evidence evidence, Guid trade)
    {
        var request = evidence.OfferOf[trade];
        return evidence.Timeline.FirstMove(evidence.Offers[trade].Cards, evidence.Timeline.Window(request.Began, request.DoneBy).First) is not null;
    }

    private static bool WasTheirs(Evidence evidence, Request request, Asked.Propose offer) =>
        evidence.Timeline.Sometime(
            evidence.Timeline.Window(request.Began, request.DoneBy),
            [.. offer.Cards],
            state => offer.Cards.All(c => evidence.Timeline.OwnerAt(c, state) == offer.OwnerOf(c)));

    private static bool Same(IReadOnlyList<Guid> one, IReadOnlyList<Guid> other) => one.Count == other.Count && !one.Except(other).Any();
}
