using System.Globalization;

namespace Gamekeeper.Simulation.Reads;

/// <summary>How much is asked and broken. What is asked, and which fault strikes when and for how long, follows from these values alone.</summary>
/// <param name="Seed">Decides all that is left to chance.</param>
/// <param name="Operations">Reads and writes that are answered at least; 2000 to 100 000 000.</param>
/// <param name="Rate">Operations a second that are begun at most; 50 to 100 000.</param>
/// <param name="Without">A safeguard that is taken away from the servers, to see the promise break; null for none.</param>
/// <param name="Only">The kinds of faults that are made; all of them when empty. With fewer than all it is no proof, and says so.</param>
public sealed record ReadsPlan(int Seed, int Operations, int Rate, string? Without, IReadOnlyList<FaultKind> Only)
{
    /// <summary>Servers in front of the one PostgreSQL and the one Redis.</summary>
    public const int Servers = 3;

    /// <summary>Reads for each write.</summary>
    public const int ReadsForAWrite = 12;

    /// <summary>
    /// Reads for each player, beside those for each write, in every stretch in which nothing is broken: what the fault before it left cold is
    /// read back there, and in a short run would be most of what the stretch measures.
    /// </summary>
    public const int ReadsAfterAFault = 60;

    /// <summary>The share of all acknowledged writes that has to fall into each fault.</summary>
    public const double LeastShare = 0.05;

    /// <summary>The share that is planned for each: what falls beside it must not make it too small.</summary>
    public const double PlannedShare = 0.065;

    /// <summary>The share of reads that has to be answered without PostgreSQL while nothing is broken.</summary>
    public const double LeastHits = 0.8;

    /// <summary>The longest pause of a slow load between what it read and its publication.</summary>
    public static readonly TimeSpan SlowPublication = TimeSpan.FromMilliseconds(60);

    /// <summary>The share of writes that goes into each fault; most of all writes where only some are made.</summary>
    public double Share => Only.Count == 0 ? PlannedShare : 0.8 / Only.Count;

    /// <summary>Writes that are planned.</summary>
    public int Writes => Operations / (ReadsForAWrite + 1);

    /// <summary>Players; each has numbers, a deck and a collection that are written and read.</summary>
    public int Players => Math.Clamp(Operations / 2500, 4, 16);

    /// <summary>What somebody types to see the same schedule again.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"./gamekeeper prove reads --seed {Seed} --operations {Operations} --rate {Rate}{(Without is null ? "" : $" --without {Without}")}{string.Concat(Only.Select(k => $" --only {FaultKinds.Name(k)}"))}");
}
