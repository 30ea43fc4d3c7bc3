namespace Gamekeeper.Simulation.Ownership;

/// <summary>What a run did not try hard enough to be a proof: it says so, rather than pass.</summary>
internal static class Shortfalls
{
    public static IEnumerable<string> Of(ProofPlan plan, Shares shares, IReadOnlyList<Kill> kills)
    {
        if (shares.Contending < ProofPlan.LeastContention)
            yield return $"{shares.Contending:P0} of the trades were about the {ProofPlan.HotCards} hot cards; a proof needs {ProofPlan.LeastContention:P0}";
        if (shares.Rivals < ProofPlan.LeastRivalry)
            yield return $"{shares.Rivals:P0} of the trades were accepted at the same time as a rival; a proof needs {ProofPlan.LeastRivalry:P0}";
        if (shares.SentAtOnce == 0)
            yield return "no request was sent twice at once";
        if (shares.SentAgain == 0)
            yield return "no request was sent again after it had been acknowledged";
        if (kills.Count < plan.Kills)
            yield return $"{kills.Count} of {plan.Kills} kills were made";
        foreach (var idle in kills.Where(k => k.RequestsInFlight == 0))
            yield return $"kill {idle.Number}, {idle.Victim}, found no write in flight";
        foreach (var idle in kills.Where(k => k.OpenTransactions == 0))
            yield return $"kill {idle.Number}, {idle.Victim}, found no transaction open";
        if (kills.Count > 0 && kills.All(k => k.Committing == 0))
            yield return "no kill found a transaction at its COMMIT";
    }
}
