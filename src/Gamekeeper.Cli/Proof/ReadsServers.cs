using System.Net;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Relays;
using Npgsql;

namespace Gamekeeper.Cli.Proof;

/// <summary>The servers of a proof with a Redis beside PostgreSQL, and a relay before each of both for each server.</summary>
internal sealed class ReadsServers : IReadsServers, IAsyncDisposable
{
    private readonly List<Relay> _toPostgres = [];
    private readonly List<Relay> _toRedis = [];
    private ProofServers? _servers;
    private ProofRedis? _redis;
    private string _folder = "";

    private ReadsServers() { }

    /// <inheritdoc />
    public IReadOnlyList<Uri> Addresses => _servers!.Addresses;

    /// <inheritdoc />
    public string ObserverConnection => _servers!.ObserverConnection;

    /// <inheritdoc />
    public string ServerConnection => _servers!.ServerConnection;

    /// <inheritdoc />
    public IReadOnlyList<Relay> ToPostgres => _toPostgres;

    /// <inheritdoc />
    public IReadOnlyList<Relay> ToRedis => _toRedis;

    /// <inheritdoc />
    public IProofRedis Redis => _redis!;

    /// <inheritdoc cref="ProofServers.KeepLogs" />
    public string KeepLogs() => _servers!.KeepLogs();

    /// <summary>Brings everything up.</summary>
    public static async Task<ReadsServers> StartAsync(ReadsPlan plan, Terminal terminal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = new ReadsServers();
        try
        {
            started._servers = await ProofServers.StartAsync(
                ReadsPlan.Servers, terminal, clock, (folder, database) => started.PrepareAsync(folder, database, plan, clock, cancellationToken), cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public string ApplicationName(int server) => _servers!.ApplicationName(server);

    /// <inheritdoc />
    public Task<string> OperatorCodeAsync(CancellationToken cancellationToken) => _servers!.OperatorCodeAsync(cancellationToken);

    /// <inheritdoc />
    public Task KillDatabaseAsync(CancellationToken cancellationToken) => _servers!.KillDatabaseAsync(cancellationToken);

    /// <inheritdoc />
    public Task KillServerAsync(int server, CancellationToken cancellationToken) => _servers!.KillServerAsync(server, cancellationToken);

    /// <inheritdoc />
    public void PauseServer(int server) => _servers!.PauseServer(server);

    /// <inheritdoc />
    public void WakeServer(int server) => _servers!.WakeServer(server);

    /// <inheritdoc />
    public void StrikeDown(int server) => _servers!.StrikeDown(server);

    /// <inheritdoc />
    public void ArmDeath(int server) => File.WriteAllText(DeathFile(server), "");

    /// <inheritdoc />
    public void DisarmDeath(int server) => File.Delete(DeathFile(server));

    /// <inheritdoc />
    public Task DiedAsync(int server, CancellationToken cancellationToken) => _servers!.DiedAsync(server, cancellationToken);

    /// <inheritdoc />
    public Task ReviveServerAsync(int server, CancellationToken cancellationToken) => _servers!.ReviveServerAsync(server, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.EndAsync();
        if (_servers is not null)
            await _servers.DisposeAsync();
        foreach (var relay in _toPostgres.Concat(_toRedis))
            await relay.DisposeAsync();
    }

    private async Task<Func<int, IReadOnlyDictionary<string, string>>> PrepareAsync(
        string folder, PrivateDatabase database, ReadsPlan plan, TimeProvider clock, CancellationToken cancellationToken)
    {
        _folder = folder;
        _redis = await ProofRedis.StartAsync(Path.Combine(folder, "redis"), clock, cancellationToken);
        var postgres = new IPEndPoint(IPAddress.Loopback, database.Server.Port);
        for (var i = 0; i < ReadsPlan.Servers; i++)
        {
            _toPostgres.Add(Relay.To(postgres, clock));
            _toRedis.Add(Relay.To(_redis.Address, clock));
        }
        return server => Settings(server, database, plan);
    }

    private Dictionary<string, string> Settings(int server, PrivateDatabase database, ReadsPlan plan)
    {
        var postgres = new NpgsqlConnectionStringBuilder(database.ConnectionString(DatabaseRole.App))
        {
            Host = "127.0.0.1",
            Port = _toPostgres[server].Port,
            ApplicationName = ProofServers.NameOf(server),
        };
        var settings = new Dictionary<string, string>
        {
            // Whatever the environment says: faults are refused where real players may be.
            ["DOTNET_ENVIRONMENT"] = "Test",
            [ReachedDatabase.ApplicationVariable] = postgres.ConnectionString,
            ["ConnectionStrings__Redis"] = $"redis://127.0.0.1:{_toRedis[server].Port}",
            ["Gamekeeper__Cache__Faults__SlowPublication"] = ReadsPlan.SlowPublication.ToString("c"),
            ["Gamekeeper__Cache__Faults__DieAfterCommit"] = DeathFile(server),
        };
        if (plan.Without is { } safeguard)
            settings["Gamekeeper__Cache__Faults__Without"] = safeguard;
        return settings;
    }

    private string DeathFile(int server) => Path.Combine(_folder, $"die-{server}");
}
