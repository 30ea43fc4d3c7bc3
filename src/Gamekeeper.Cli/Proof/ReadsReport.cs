using Gamekeeper.Cli.Output;
using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads;

namespace Gamekeeper.Cli.Proof;

/// <summary>The record of a proof of fresh reads, for people.</summary>
internal static class ReadsReport
{
    private const int ShownOfARule = 4;

    public static void Print(Terminal terminal, ReadsRecord record)
    {
        foreach (var scene in record.Scenes)
            terminal.Write($"{scene.Name}: {scene.Found}.");
        terminal.Write("");
        terminal.Table(
        [
            ["FAULT", "STRIKES", "SECONDS", "WRITES", "SHARE", "ANSWERED", "P50 MS", "P99 MS", "MAX MS", "READS", "ANSWERED", "HITS", "BYPASSED", "STALE"],
            .. record.Faults.Prepend(record.Healthy).Select(f => new[]
            {
                f.Name, $"{f.Strikes}", $"{f.Seconds:0.0}", $"{f.Writes}", $"{f.Share:P1}", $"{f.WriteAvailability:P1}", $"{f.WriteMedian:0.0}", $"{f.Write99:0.0}",
                $"{f.WriteMax:0.0}", $"{f.Reads}", $"{f.ReadAvailability:P1}", $"{f.Hits:P1}", $"{f.Bypassed}", $"{f.Stale}",
            }),
        ]);
        terminal.Write("");
        var totals = record.Totals;
        terminal.Write($"Reads: {totals.ReadsAnswered} answered, {totals.Stale} of them marked stale, {totals.ReadsUnanswered} not answered.");
        terminal.Write($"Writes: {totals.WritesAcknowledged} acknowledged, {totals.WritesFoundDone} found done by a repeat; {totals.WritesUnknownAtFirst} unknown at first, {totals.WritesUnresolved} to the end; {totals.OrphanedWrites} committed by a server that died before it had told anybody.");
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
            Verdict.Holds => "The promise holds: no answer was older than the last acknowledged write.",
            Verdict.Broken => $"The promise is BROKEN, {record.BreachCount} times. Again, with the same schedule: {record.Command}",
            _ => $"Nothing broke, but too little was tried to call it a proof. The schedule was: {record.Command}",
        });
    }
}
