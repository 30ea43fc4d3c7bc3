using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership;

/// <summary>What was done, what came of it, and what that says.</summary>
public sealed record ProofRecord
{
    /// <summary>How it ended.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What was asked for.</summary>
    public required ProofPlan Plan { get; init; }

    /// <summary>Plays the same schedule again.</summary>
    public required string Command { get; init; }

    /// <summary>Settings of the server that decide what a commit is worth, as it told them.</summary>
    public required IReadOnlyDictionary<string, string> Durability { get; init; }

    /// <summary>What was asked and answered, one line for each kind of request.</summary>
    public required IReadOnlyList<KindCount> Requests { get; init; }

    /// <summary>How often each code was refused with.</summary>
    public required IReadOnlyDictionary<string, int> RefusalCodes { get; init; }

    /// <summary>Why an outcome was unknown at first, and how often.</summary>
    public required IReadOnlyDictionary<string, int> UnknownBecause { get; init; }

    /// <summary>Every SIGKILL.</summary>
    public required IReadOnlyList<Kill> Kills { get; init; }

    /// <summary>How hard it was for the product, as measured.</summary>
    public required Shares Shares { get; init; }

    /// <summary>What was stored at the end and looked at.</summary>
    public required Totals Stored { get; init; }

    /// <summary>Whole run, set-up and checks included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The playing alone.</summary>
    public required double PlayingSeconds { get; init; }

    /// <summary>What must not be; empty when the promise held. The first ten of each rule.</summary>
    public required IReadOnlyList<Breach> Breaches { get; init; }

    /// <summary>How many there were in all.</summary>
    public required int BreachCount { get; init; }

    /// <summary>How many there were of each rule.</summary>
    public required IReadOnlyDictionary<string, int> BreachesByRule { get; init; }

    /// <summary>What this run did not try hard enough.</summary>
    public required IReadOnlyList<string> Shortfalls { get; init; }
}

/// <summary>What came of one kind of request.</summary>
/// <param name="Kind">Such as <c>accept</c>.</param>
/// <param name="Requests">Different ones: each with a key of its own.</param>
/// <param name="Sent">How often they were sent, duplicates and repeats included.</param>
/// <param name="Acknowledged">Requests that were answered with success.</param>
/// <param name="Refused">Requests that were refused and never acknowledged.</param>
/// <param name="Unknown">Requests that somebody was left without an answer to, at least once; a repeat then told.</param>
/// <param name="Unresolved">Requests that no repeat got an answer to.</param>
public sealed record KindCount(string Kind, int Requests, int Sent, int Acknowledged, int Refused, int Unknown, int Unresolved);

/// <summary>One SIGKILL, and what was going on when it struck.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Victim"><c>postmaster</c>, <c>backend</c> or <c>server</c>.</param>
/// <param name="AtOperation">Scheduled operations that had been played.</param>
/// <param name="RequestsInFlight">Writes that had been sent and not answered; for a server, those sent to it.</param>
/// <param name="OpenTransactions">Transactions that were open.</param>
/// <param name="Committing">Of those, the ones that were at their COMMIT.</param>
/// <param name="Unanswered">Sendings that got no answer until it was over, or only that they are to be repeated.</param>
/// <param name="SecondsDown">Until everything served again.</param>
public sealed record Kill(
    int Number, string Victim, int AtOperation, int RequestsInFlight, int OpenTransactions, int Committing, int Unanswered, double SecondsDown);

/// <summary>Measured shares.</summary>
/// <param name="Trades">Offers that were made.</param>
/// <param name="Contending">Part of them that named one of the hot cards, 0 to 1.</param>
/// <param name="Rivals">Part of them that was being accepted at the same time as another offer of the same card, 0 to 1.</param>
/// <param name="SentAtOnce">Keyed requests that were sent twice at the same time.</param>
/// <param name="SentAgain">Keyed requests that were sent again later, after a restart or at the end.</param>
public sealed record Shares(int Trades, double Contending, double Rivals, int SentAtOnce, int SentAgain);

/// <summary>What was there at the end.</summary>
/// <param name="Players">Accounts of players.</param>
/// <param name="Cards">Cards.</param>
/// <param name="Operations">Signed operations.</param>
/// <param name="Events">Events of all cards.</param>
/// <param name="Trades">Offers, whatever became of them.</param>
/// <param name="ChainsChecked">Cards whose history was recomputed with the public keys.</param>
public sealed record Totals(int Players, int Cards, int Operations, int Events, int Trades, int ChainsChecked);
