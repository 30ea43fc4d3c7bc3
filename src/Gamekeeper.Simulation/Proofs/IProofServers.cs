namespace Gamekeeper.Simulation.Proofs;

/// <summary>
/// What a proof plays against and may break: one PostgreSQL and one or more API servers in front of it, each a process of its own. They
/// belong to the proof alone, and whoever made them takes them away afterwards.
/// </summary>
public interface IProofServers
{
    /// <summary>Where the API servers listen; their number and addresses outlive a kill.</summary>
    IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The name under which a server's connections show in <c>pg_stat_activity</c>.</summary>
    string ApplicationName(int server);

    /// <summary>How the proof looks into the database: past row security, and never through the product.</summary>
    string ObserverConnection { get; }

    /// <summary>How the servers enter it, so that what is set for their role or database is seen too.</summary>
    string ServerConnection { get; }

    /// <summary>A code that signs an operator in once.</summary>
    Task<string> OperatorCodeAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL of the postmaster; returns once it has been started again and has recovered.</summary>
    Task KillDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL of an API server; returns once another serves at its address.</summary>
    Task KillServerAsync(int server, CancellationToken cancellationToken);
}
