using System.Globalization;

namespace Gamekeeper.Simulation.Ownership;

/// <summary>How much is played and broken. Schedule and faults follow from these values alone; how requests interleave does not.</summary>
/// <param name="Seed">Decides who does what, and where the faults fall.</param>
/// <param name="Operations">Requests that are scheduled, repeats not counted; 50 to 1 000 000.</param>
/// <param name="Kills">SIGKILLs, of the postmaster, of one backend and of a server in turn; 0 to 1000.</param>
/// <param name="Clients">Plays that go on at once; 2 to 256.</param>
/// <param name="Servers">API servers in front of the one database; 1 to 8.</param>
public sealed record ProofPlan(int Seed, int Operations, int Kills, int Clients, int Servers)
{
    /// <summary>Cards that everybody wants.</summary>
    public const int HotCards = 50;

    /// <summary>Cards of the start, the hot ones among them.</summary>
    public const int Cards = 400;

    /// <summary>Players of the start.</summary>
    public const int Players = 24;

    /// <summary>The share of trades that has to be about the hot cards for the proof to count.</summary>
    public const double LeastContention = 0.3;

    /// <summary>The share of trades that has to be accepted at once with another one of the same card for the proof to count.</summary>
    public const double LeastRivalry = 0.2;

    /// <summary>What somebody types to see the same schedule again.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"./gamekeeper prove ownership --seed {Seed} --operations {Operations} --kills {Kills} --clients {Clients} --servers {Servers}");
}
