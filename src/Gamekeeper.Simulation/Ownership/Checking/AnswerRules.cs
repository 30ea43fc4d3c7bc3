using Gamekeeper.Simulation.Ownership.Recording;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Every request got to know what became of it, in words that are published; every account that was acknowledged is there once.</summary>
internal static class AnswerRules
{
    public static IEnumerable<Breach> Of(Evidence evidence)
    {
        foreach (var request in evidence.Requests)
        {
            if (!request.IsSettled)
                yield return new("no answer", Named(request), "an answer to one of many repeats", request.Sends.Count == 0 ? "it was never sent" : request.Sends[^1].Reply.ToString()!);
            foreach (var refused in request.Sends.Select(s => s.Reply).OfType<Reply.Refused>().Distinct().Where(r => !IsForeseen(request.Asked, r)))
                yield return new("answer", Named(request), "a success, or a refusal that fits what was asked", refused.ToString());
            if (request.Acknowledged?.Finding is { } finding)
                yield return new("verify", Named(request), "every invariant to hold", finding);
        }

        var accounts = evidence.Stored.Accounts.ToLookup(a => a.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (request, name) in evidence.Requests.Where(r => r.Asked is Asked.SignUp).Select(r => (r, ((Asked.SignUp)r.Asked).Name)))
        {
            var made = request.Acknowledgements.Select(a => a.Done.Id).Distinct().ToList();
            if (made.Count > 1)
                yield return new("doubled", $"account {name}", "one account", string.Join(" and ", made));
            if (accounts[name].Count() != 1 || made.Exists(id => accounts[name].All(a => a.Id != id)))
                yield return new("account", Named(request), $"one account {name}, {string.Join(", ", made)}", $"{accounts[name].Count()} of them");
        }
    }

    /// <summary>A request as a reader of breaches knows it.</summary>
    public static string Named(Request request) => $"{request} ({Told(request.Asked)})";

    private static string Told(Asked asked) =>
        asked switch
        {
            Asked.Propose p => $"{p.By} offers {string.Join(", ", p.Offered)} to {p.To} for {(p.Wanted.Count == 0 ? "nothing" : string.Join(", ", p.Wanted))}",
            Asked.Accept a => $"trade {a.Trade} by {a.By}",
            Asked.Decline d => $"trade {d.Trade} by {d.By}",
            Asked.Cancel c => $"trade {c.Trade} by {c.By}",
            Asked.Transfer t => $"card {t.Card} from {t.From} to {t.To}",
            Asked.Mint m => $"{m.Count} cards for {m.To}",
            Asked.Read r => $"card {r.Card}",
            Asked.SignUp s => $"account {s.Name}",
            _ => "all invariants",
        };

    // Whether a refusal fits the state is for RefusalRules; here it is whether it can be an answer at all.
    private static bool IsForeseen(Asked asked, Reply.Refused refused) =>
        asked switch
        {
            Asked.SignUp => refused.Code == "accounts.username-taken",
            Asked.Propose => refused.Code == "cards.not-owned",
            Asked.Transfer => refused.Code == "cards.not-owner",
            Asked.Accept => refused.Code is "trades.not-pending" or "trades.cards-moved" or "trades.not-the-target",
            Asked.Decline or Asked.Cancel => refused.Code == "trades.not-pending",
            _ => false,
        };
}
