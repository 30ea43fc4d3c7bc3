using System.Diagnostics;

namespace Gamekeeper.Cli.Databases;

/// <summary>
/// The database a verb works on: the one named on the command line, else the one of the environment, else the private one of this
/// home, which is started for the occasion when no <c>up</c> runs it.
/// </summary>
internal sealed class ReachedDatabase : IAsyncDisposable
{
    public const string ApplicationVariable = "ConnectionStrings__Postgres";
    public const string OwnerVariable = "ConnectionStrings__PostgresOwner";

    private readonly Func<DatabaseRole, string> _connectionString;
    private readonly string? _owner;
    private readonly PrivateDatabase? _private;

    private ReachedDatabase(string where, Func<DatabaseRole, string> connectionString, string? owner, PrivateDatabase? own = null) =>
        (Where, _connectionString, _owner, _private) = (where, connectionString, owner, own);

    /// <summary>In words, without a secret.</summary>
    public string Where { get; }

    /// <summary>How to reach it in a role.</summary>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: nobody said how to enter it in this role.</exception>
    public string ConnectionString(DatabaseRole role) => _connectionString(role);

    /// <summary>What the product is configured with to work on it; what is not named here comes from the environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings() =>
        _private?.Settings()
        ?? new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = _connectionString(DatabaseRole.App),
            ["ConnectionStrings:PostgresOwner"] = _owner,
        };

    public static async Task<ReachedDatabase> OpenAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        switch (DatabaseChoice.Of(invocation.Connection, Environment.GetEnvironmentVariable))
        {
            case DatabaseChoice.Named named:
                return new ReachedDatabase(named.Source, _ => named.ConnectionString, named.ConnectionString);
            case DatabaseChoice.FromEnvironment environment:
                return new ReachedDatabase(ApplicationVariable, environment.ConnectionString, environment.Owner);
            case DatabaseChoice.Private:
                var own = await PrivateDatabase.StartAsync(invocation.Home, invocation.Clock, cancellationToken);
                return new ReachedDatabase($"the private database under {invocation.Home.Path}", own.ConnectionString, null, own);
            default:
                throw new UnreachableException();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _private?.DisposeAsync() ?? ValueTask.CompletedTask;
}
