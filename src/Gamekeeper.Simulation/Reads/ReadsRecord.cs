using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Reads;

/// <summary>What was done, what came of it, and what that says.</summary>
public sealed record ReadsRecord
{
    /// <summary>How it ended.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What was asked for.</summary>
    public required ReadsPlan Plan { get; init; }

    /// <summary>Plays the same schedule again.</summary>
    public required string Command { get; init; }

    /// <summary>Settings of the server that decide what a commit is worth, as it told them.</summary>
    public required IReadOnlyDictionary<string, string> Durability { get; init; }

    /// <summary>Reads and writes over the whole of it.</summary>
    public required ReadsTotals Totals { get; init; }

    /// <summary>The stretches in which nothing was broken, all together.</summary>
    public required StretchFigures Healthy { get; init; }

    /// <summary>One line for each kind of fault.</summary>
    public required IReadOnlyList<StretchFigures> Faults { get; init; }

    /// <summary>Scenes that were played apart, each with what was seen.</summary>
    public required IReadOnlyList<SceneResult> Scenes { get; init; }

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

/// <summary>Counts over everything.</summary>
/// <param name="ReadsAnswered">With a value, or with the refusal of a session that was signed out.</param>
/// <param name="ReadsUnanswered">Given up, or told to come back.</param>
/// <param name="Stale">Of the answers, those that were marked stale.</param>
/// <param name="WritesAcknowledged">Different ones.</param>
/// <param name="WritesFoundDone">Never acknowledged, and done as a repeat was told.</param>
/// <param name="WritesUnknownAtFirst">Different ones that somebody was left without an answer to; a repeat then told.</param>
/// <param name="WritesUnresolved">Of which nobody knows.</param>
/// <param name="OrphanedWrites">Committed by a server that was killed before it had told anybody.</param>
public sealed record ReadsTotals(
    int ReadsAnswered,
    int ReadsUnanswered,
    int Stale,
    int WritesAcknowledged,
    int WritesFoundDone,
    int WritesUnknownAtFirst,
    int WritesUnresolved,
    int OrphanedWrites);

/// <summary>What was measured while one kind of fault lasted, or while nothing was broken.</summary>
/// <param name="Name">Of the fault.</param>
/// <param name="Strikes">How often it was made.</param>
/// <param name="Seconds">How long it lasted in all, until every node answered from its cache again.</param>
/// <param name="Writes">Acknowledged writes that were under way in it.</param>
/// <param name="Share">Of all acknowledged writes, 0 to 1.</param>
/// <param name="Reads">Answered reads.</param>
/// <param name="ReadAvailability">Reads that were answered, of those that were asked, 0 to 1.</param>
/// <param name="WriteAvailability">Sendings of writes that were answered, of all, 0 to 1.</param>
/// <param name="WriteMedian">Half of the writes were acknowledged in so many milliseconds, repeats included.</param>
/// <param name="Write99">And 99 of 100.</param>
/// <param name="WriteMax">And all.</param>
/// <param name="Hits">Reads that were answered without PostgreSQL and not marked stale, of all answered, 0 to 1.</param>
/// <param name="Memory">Answered from a node's memory.</param>
/// <param name="Redis">Answered from Redis.</param>
/// <param name="Bypassed">Answered past the cache.</param>
/// <param name="Stale">Answered and marked stale.</param>
public sealed record StretchFigures(
    string Name,
    int Strikes,
    double Seconds,
    int Writes,
    double Share,
    int Reads,
    double ReadAvailability,
    double WriteAvailability,
    double WriteMedian,
    double Write99,
    double WriteMax,
    double Hits,
    int Memory,
    int Redis,
    int Bypassed,
    int Stale);

/// <summary>A scene that was played apart from the others.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Found">What was seen, with its numbers.</param>
public sealed record SceneResult(string Name, string Found);
