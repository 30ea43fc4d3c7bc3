using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Every card has the owner that the model derives, each change of hands had the right giver, and no card is lost or doubled.</summary>
internal static class OwnerRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        var owners = new Dictionary<Guid, (Guid Owner, int Events)>();
        foreach (var effect in evidence.Timeline.Effects)
            foreach (var move in effect.Moves)
            {
                var isThere = owners.TryGetValue(move.Card, out var before);
                if (isThere != move.From is not null || (isThere && before.Owner != move.From))
                    yield return new("wrong giver", $"card {move.Card} in {effect}", $"it to be {Whose(isThere ? before.Owner : null)}", $"taken from {Whose(move.From)}");
                owners[move.Card] = (move.To, before.Events + 1);
            }

        var rows = evidence.Stored.Cards.ToLookup(c => c.Id);
        foreach (var (card, (owner, events)) in owners)
        {
            if (rows[card].Count() != 1)
                yield return new("conservation", $"card {card}", $"one of it, {Whose(owner)}", $"{rows[card].Count()}");
            else if (rows[card].Single() is var row && (row.Owner != owner || row.Events != events))
                yield return new("wrong owner", $"card {card}", $"{Whose(owner)} after {events} events", $"{Whose(row.Owner)} after {row.Events}");
        }
        foreach (var row in evidence.Stored.Cards.Where(c => !owners.ContainsKey(c.Id)))
            yield return new("conservation", $"card {row.Id}", "no such card: nobody was acknowledged for its mint", Whose(row.Owner));
        foreach (var breach in Chains(evidence, owners))
            yield return breach;
    }

    // The stored history of each card by itself: no gap, no fork, and its end is where the card is.
    private static IEnumerable<Breach> Chains(Evidence evidence, Dictionary<Guid, (Guid Owner, int Events)> owners)
    {
        foreach (var chain in evidence.Stored.Events.GroupBy(e => e.Card))
        {
            var (position, holder) = (0, (Guid?)null);
            foreach (var e in chain.OrderBy(e => e.Position))
            {
                position++;
                if (e.Position != position || e.From != holder)
                    yield return new("broken chain", $"card {chain.Key} at {e.Position}", $"event {position}, from {Whose(holder)}", $"event {e.Position}, from {Whose(e.From)}");
                (position, holder) = (e.Position, e.To);
            }
            if (owners.TryGetValue(chain.Key, out var model) && (model.Owner != holder || model.Events != chain.Count()))
                yield return new("broken chain", $"card {chain.Key}", $"{model.Events} events, the last to {Whose(model.Owner)}", $"{chain.Count()}, the last to {Whose(holder)}");
        }
    }

    private static string Whose(Guid? owner) => owner is { } someone ? $"{someone}'s" : "nobody's";
}
