using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Whoever was refused was refused for something that was so at some moment between question and answer.</summary>
internal static class RefusalRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        foreach (var request in evidence.Requests)
            foreach (var send in request.Sends)
                if (send.Reply is Reply.Refused refused && Excuse(evidence, request, send, refused) is { } missing)
                    yield return new("refused without reason", AnswerRules.Named(request), missing, refused.ToString());
    }

    // Null when the refusal had its reason; else what would have had to be so.
    private static string? Excuse(Evidence evidence, Request request, Send send, Reply.Refused refused) =>
        (request.Asked, refused.Code) switch
        {
            (Asked.Propose offer, "cards.not-owned") => IsSometimeSo(
                evidence, request, send, [.. offer.Cards], s => offer.Cards.Any(c => evidence.Timeline.OwnerAt(c, s) != offer.OwnerOf(c)))
                ? null
                : "success: all its cards were theirs all the time",
            (Asked.Transfer gift, "cards.not-owner") => IsSometimeSo(
                evidence, request, send, [gift.Card], s => evidence.Timeline.OwnerAt(gift.Card, s) != gift.From)
                ? null
                : $"success: the card was {gift.From}'s all the time",
            (Asked.Accept accept, "trades.not-the-target") => evidence.Offers.TryGetValue(accept.Trade, out var offer) && offer.To != accept.By
                ? null
                : "success: the offer was made to them",
            (Asked.Accept accept, "trades.cards-moved") => evidence.Offers.TryGetValue(accept.Trade, out var offer) && IsSometimeSo(
                evidence, request, send, [.. offer.Cards], s => offer.Cards.Any(c => evidence.Timeline.OwnerAt(c, s) != offer.OwnerOf(c)))
                ? null
                : "success: all its cards were theirs all the time",
            (_, "trades.not-pending") => HadEnded(evidence, request, send) ? null : "success: nothing had ended this trade by then",
            _ => null,
        };

    private static bool IsSometimeSo(Evidence evidence, Request request, Send send, IReadOnlyCollection<Guid> cards, Func<int, bool> isSo) =>
        evidence.Timeline.Sometime(evidence.Window(request, send), cards, isSo);

    // By another request that was told so, or by another effect that moved one of its cards.
    private static bool HadEnded(Evidence evidence, Request request, Send send)
    {
        var trade = TradeRules.TradeOf(request.Asked)!.Value;
        if (evidence.Enders[trade].Any(r => r != request && r.Began < send.Ended))
            return true;
        if (!evidence.OfferOf.TryGetValue(trade, out var offered))
            return false;
        var from = evidence.Timeline.Window(offered.Began, offered.DoneBy).First;
        var last = evidence.Timeline.Window(send.Began, send.Ended).Last;
        return evidence.Timeline.FirstMove(evidence.Offers[trade].Cards, from) is { } moved
            && moved < last
            && (evidence.EffectOf(request) is not { } own || moved < own);
    }
}
