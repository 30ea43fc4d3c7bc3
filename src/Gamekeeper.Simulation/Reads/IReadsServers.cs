using Gamekeeper.Simulation.Proofs;
using Gamekeeper.Simulation.Reads.Relays;

namespace Gamekeeper.Simulation.Reads;

/// <summary>
/// What the proof of fresh reads plays against: one PostgreSQL, one Redis, and servers that reach each of both by a relay of their own.
/// </summary>
public interface IReadsServers : IProofServers
{
    /// <summary>One for each server: its way to PostgreSQL.</summary>
    IReadOnlyList<Relay> ToPostgres { get; }

    /// <summary>One for each server: its way to Redis.</summary>
    IReadOnlyList<Relay> ToRedis { get; }

    /// <summary>The one Redis.</summary>
    IProofRedis Redis { get; }

    /// <summary>SIGSTOP: the server stands still, and its connections stay open.</summary>
    void PauseServer(int server);

    /// <summary>SIGCONT.</summary>
    void WakeServer(int server);

    /// <summary>SIGKILL of a server, which stays down until it is revived.</summary>
    void StrikeDown(int server);

    /// <summary>The server is to die after its next commit that makes cached values old, before it has told anybody.</summary>
    void ArmDeath(int server);

    /// <summary>It need not die any more.</summary>
    void DisarmDeath(int server);

    /// <summary>Done when the server's process has ended.</summary>
    Task DiedAsync(int server, CancellationToken cancellationToken);

    /// <summary>Starts a server whose process has ended; returns once it serves.</summary>
    Task ReviveServerAsync(int server, CancellationToken cancellationToken);
}

/// <summary>A Redis that belongs to a proof alone.</summary>
public interface IProofRedis
{
    /// <summary>Has everything written down and lays it aside, for a later restart.</summary>
    /// <returns>How many keys that are.</returns>
    Task<int> SaveAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL; returns once it is gone.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Starts it again where it was; returns once it answers.</summary>
    /// <param name="withDump">With what was laid aside; else with nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task StartAsync(bool withDump, CancellationToken cancellationToken);

    /// <summary>SIGSTOP.</summary>
    void Pause();

    /// <summary>SIGCONT.</summary>
    void Wake();

    /// <summary>FLUSHALL, and SCRIPT FLUSH.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
