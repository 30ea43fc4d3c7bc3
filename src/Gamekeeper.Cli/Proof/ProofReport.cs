using Gamekeeper.Cli.Output;
using Gamekeeper.Simulation.Ownership;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Cli.Proof;

/// <summary>A proof's record, for people.</summary>
internal static class ProofReport
{
    private const int ShownOfARule = 4;

    public static void Print(Terminal terminal, ProofRecord record)
    {
        terminal.Table(
        [
            ["REQUEST", "DIFFERENT", "SENT", "ACKNOWLEDGED", "REFUSED", "UNKNOWN AT FIRST", "UNRESOLVED"],
            .. record.Requests.Select(k => Cells(k.Kind, k.Requests, k.Sent, k.Acknowledged, k.Refused, k.Unknown, k.Unresolved)),
            Cells(
                "all",
                record.Requests.Sum(k => k.Requests),
                record.Requests.Sum(k => k.Sent),
                record.Requests.Sum(k => k.Acknowledged),
                record.Requests.Sum(k => k.Refused),
                record.Requests.Sum(k => k.Unknown),
                record.Requests.Sum(k => k.Unresolved)),
        ]);
        terminal.Write($"Refused: {Counts(record.RefusalCodes)}. Unknown at first: {Counts(record.UnknownBecause)}.");
        terminal.Write("");
        if (record.Kills.Count > 0)
            terminal.Table(
            [
                ["KILL", "VICTIM", "AT OPERATION", "WRITES IN FLIGHT", "OPEN TRANSACTIONS", "AT COMMIT", "UNANSWERED", "SECONDS DOWN"],
                .. record.Kills.Select(k => new[]
                {
                    $"{k.Number}", k.Victim, $"{k.AtOperation}", $"{k.RequestsInFlight}", $"{k.OpenTransactions}", $"{k.Committing}", $"{k.Unanswered}", $"{k.SecondsDown:0.0}",
                }),
            ]);
        var (shares, stored) = (record.Shares, record.Stored);
        terminal.Write("");
        terminal.Write($"{shares.Trades} offers: {shares.Contending:P0} about the {ProofPlan.HotCards} hot cards, {shares.Rivals:P0} accepted at the same time as a rival.");
        terminal.Write($"{shares.SentAtOnce} requests were sent twice at once, {shares.SentAgain} again after they had been acknowledged.");
        terminal.Write($"Stored: {stored.Players} players, {stored.Cards} cards, {stored.Operations} operations, {stored.Events} events, {stored.Trades} trades. {stored.ChainsChecked} signed histories were recomputed.");
        terminal.Write($"{record.Seconds:0} s in all, {record.PlayingSeconds:0} s of them playing.");
        terminal.Write("");
        foreach (var ofRule in record.Breaches.GroupBy(b => b.Rule))
        {
            foreach (var breach in ofRule.Take(ShownOfARule))
                terminal.Write($"BREACH  {breach}");
            if (record.BreachesByRule[ofRule.Key] is var all && all > ShownOfARule)
                terminal.Write($"        {all} in all of '{ofRule.Key}'.");
        }
        foreach (var shortfall in record.Shortfalls)
            terminal.Write($"TOO WEAK  {shortfall}.");
        terminal.Write(record.Verdict switch
        {
            Verdict.Holds => "The promise holds: one item, one owner.",
            Verdict.Broken => $"The promise is BROKEN, {record.BreachCount} times. Again, with the same schedule: {record.Command}",
            _ => $"Nothing broke, but too little was tried to call it a proof. The schedule was: {record.Command}",
        });
    }

    private static string[] Cells(string kind, params int[] counts) => [kind, .. counts.Select(c => $"{c}")];

    private static string Counts(IReadOnlyDictionary<string, int> words) =>
        words.Count == 0 ? "nothing" : string.Join(", ", words.Select(w => $"{w.Key} {w.Value}"));
}
