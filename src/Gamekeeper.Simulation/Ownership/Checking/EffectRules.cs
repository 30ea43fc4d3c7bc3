using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>What was acknowledged is there, once and as it was asked; and nothing else is there.</summary>
internal static class EffectRules
{
    public static IEnumerable<Breach> Of(Evidence evidence) => Acknowledged(evidence).Concat(Unasked(evidence));

    private static IEnumerable<Breach> Acknowledged(Evidence evidence)
    {
        var stored = evidence.Stored.Operations.ToLookup(o => o.Id);
        foreach (var request in evidence.Requests.Where(r => r.Asked is Asked.Mint or Asked.Transfer or Asked.Accept))
            foreach (var done in request.Acknowledgements.Select(a => a.Done).DistinctBy(d => d.Id))
            {
                var named = AnswerRules.Named(request);
                if (evidence.Causes[done.Id] != request)
                    yield return new("doubled", named, "an operation of its own", $"{done.Id}, which {evidence.Causes[done.Id]} was acknowledged for");
                if (stored[done.Id].Count() != 1)
                {
                    yield return new("lost", named, $"operation {done.Id}, as it was acknowledged", $"{stored[done.Id].Count()} of it");
                    continue;
                }
                if (request.Asked is Asked.Mint mint && done.Cards.Count != mint.Count)
                    yield return new("wrong effect", named, $"{mint.Count} cards", $"{done.Cards.Count}");
                if (request.Asked is Asked.Accept accept && evidence.Offers.TryGetValue(accept.Trade, out var offer) && offer.To != accept.By)
                    yield return new("wrong effect", named, $"only {offer.To} to be able to accept", "an acknowledgement");
                if (evidence.MovesOf(request, done) is not { } moves)
                    yield return new("wrong effect", named, "a trade that was acknowledged before", "none");
                else if (Difference(moves, evidence.Events[done.Id]) is { } difference)
                    yield return new("wrong effect", $"{named}, operation {done.Id}", difference.Expected, difference.Found);
            }
    }

    private static IEnumerable<Breach> Unasked(Evidence evidence)
    {
        foreach (var effect in evidence.Timeline.Effects.Where(e => e.Cause is null))
            yield return new(
                "unasked effect",
                $"operation {effect.Operation}{(effect.Trade is { } trade ? $" of trade {trade}" : "")}",
                "a request that was acknowledged for it",
                $"none; it moved {string.Join("; ", effect.Moves.Select(Told))}{Suspects(evidence, effect)}");
        foreach (var orphan in evidence.Stored.Events.Where(e => !evidence.IndexOf.ContainsKey(e.Operation)).Take(10))
            yield return new("unasked effect", $"card {orphan.Card} at {orphan.Position}", "an operation", $"none under {orphan.Operation}");
    }

    // Who may have done it without being told so: those that asked for just that and were not acknowledged for it.
    private static string Suspects(Evidence evidence, Effect effect)
    {
        var suspects = evidence.Requests
            .Where(r => r.Asked switch
            {
                Asked.Transfer t => effect.Moves is [var only] && only == new Move(t.Card, t.From, t.To),
                Asked.Accept a => a.Trade == effect.Trade,
                Asked.Mint m => effect.Moves.Count == m.Count && effect.Moves.All(x => x.From is null && x.To == m.To),
                _ => false,
            })
            .Take(3)
            .Select(r => $"{r}, answered {string.Join(", ", r.Sends.Select(s => s.Reply).Take(3))}")
            .ToList();
        return suspects.Count == 0 ? "" : $". It was asked for by {string.Join("; by ", suspects)}";
    }

    private static (string Expected, string Found)? Difference(IReadOnlyList<Move> moves, IEnumerable<StoredEvent> events)
    {
        var found = events.Select(e => new Move(e.Card, e.From, e.To)).ToList();
        var (missing, extra) = (moves.Except(found).ToList(), found.Except(moves).ToList());
        return missing.Count == 0 && extra.Count == 0 && found.Count == moves.Count
            ? null
            : (string.Join("; ", moves.Select(Told)), found.Count == 0 ? "no event" : string.Join("; ", found.Select(Told)));
    }

    private static string Told(Move move) => $"card {move.Card} from {move.From?.ToString() ?? "nobody"} to {move.To}";
}
