using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Cli.Output;
using Gamekeeper.Cli.Supervision;
using Gamekeeper.Simulation.Proofs;
using Npgsql;

namespace Gamekeeper.Cli.Proof;

/// <summary>
/// A private PostgreSQL in a folder of its own below the temporary one, and API servers in front of it. All of it is gone once this is
/// disposed, whatever became of it in between; only a SIGKILL of this process leaves the folder, until the next proof starts; the kernel then ends
/// the processes.
/// </summary>
internal sealed class ProofServers : IProofServers, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly GamekeeperHome _home;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly List<ServerProcess> _servers = [];
    private readonly List<ChildProcess?> _processes = [];
    private PrivateDatabase? _database;

    private ProofServers(string folder, Action<string> say, TimeProvider clock) => 
        (_folder, _home, _say, _clock) = (folder, new GamekeeperHome(Path.Combine(folder, "h")), say, clock);

    /// <inheritdoc />
    public IReadOnlyList<Uri> Addresses => [.. _servers.Select(s => new Uri(s.Url))];

    /// <inheritdoc />
    public string ObserverConnection => _database!.ConnectionString(DatabaseRole.Superuser);

    /// <inheritdoc />
    public string ServerConnection => _database!.ConnectionString(DatabaseRole.App);

    /// <summary>For whoever looks into a breach: what the servers, PostgreSQL and Redis logged, in a folder that outlives the proof.</summary>
    public string KeepLogs() => ProofFolder.Keep(Directory.EnumerateFiles(_home.LogFolder, "*.log").Concat(Directory.EnumerateFiles(_folder, "*.log", SearchOption.AllDirectories)).DistinctBy(Path.GetFileName));

    /// <summary>Brings everything up: database, schema, servers.</summary>
    public static Task<ProofServers> StartAsync(int count, Terminal terminal, TimeProvider clock, CancellationToken cancellationToken) =>
        StartAsync(
            count,
            terminal,
            clock,
            (_, _) => Task.FromResult<Func<int, IReadOnlyDictionary<string, string>>>(_ => new Dictionary<string, string>()),
            cancellationToken);

    /// <summary>The same, with something beside the database.</summary>
    /// <param name="count">How many servers.</param>
    /// <param name="terminal">Told what is going on.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="prepare">Brings the rest up before the servers, in the folder of the proof; answers with the settings that it adds for a server.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ProofServers> StartAsync(
        int count,
        Terminal terminal,
        TimeProvider clock,
        Func<string, PrivateDatabase, Task<Func<int, IReadOnlyDictionary<string, string>>>> prepare,
        CancellationToken cancellationToken)
    {
        var program = ServerProcess.FindProgram();
        ProofFolder.ClearLeftovers(Path.GetTempPath(), terminal.Say);
        var folder = ProofFolder.Create();
        var started = new ProofServers(folder, terminal.Say, clock);
        try
        {
            started._database = await PrivateDatabase.StartAsync(started._home, clock, cancellationToken);
            await new Preparation(terminal).RunAsync(started._database, seed: false, cancellationToken);
            var settings = await prepare(folder, started._database);
            for (var i = 0; i < count; i++)
                started.Add(i, program, settings);
            await Task.WhenAll(Enumerable.Range(0, count).Select(i => started.ServeAsync(i, cancellationToken)));
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public string ApplicationName(int server) => NameOf(server);

    public static string NameOf(int server) => $"gamekeeper-proof-{server}";

    /// <inheritdoc />
    public async Task<string> OperatorCodeAsync(CancellationToken cancellationToken)
    {
        await using var gamekeeper = OpenedGamekeeper.On(_database!);
        return (await gamekeeper.Get<OneTimeCodes>().CreateOperatorCodeAsync(cancellationToken)).Code;
    }

    /// <inheritdoc />
    public async Task KillDatabaseAsync(CancellationToken cancellationToken)
    {
        var server = _database!.Server;
        Signals.Send(server.ProcessId, Signals.Kill);
        await server.Exited.WaitAsync(Patience, _clock, cancellationToken);
        await _database.ReviveAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task KillServerAsync(int server, CancellationToken cancellationToken)
    {
        StrikeDown(server);
        await _processes[server]!.Exited.WaitAsync(Patience, _clock, cancellationToken);
        await ServeAsync(server, cancellationToken);
    }

    /// <summary>SIGKILL of an API server.</summary>
    public void StrikeDown(int server) => Signals.Send(_processes[server]!.Identity.Id, Signals.Kill);

    /// <summary>SIGSTOP of an API server.</summary>
    public void PauseServer(int server) => Signals.Send(_processes[server]!.Identity.Id, Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void WakeServer(int server) => Signals.Send(_processes[server]!.Identity.Id, Signals.Continue);

    /// <summary>Done when an API server has ended.</summary>
    public Task DiedAsync(int server, CancellationToken cancellationToken) => _processes[server]!.Exited.WaitAsync(cancellationToken);

    /// <summary>Starts an API server that has ended; returns once it serves.</summary>
    public Task ReviveServerAsync(int server, CancellationToken cancellationToken) => ServeAsync(server, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Nothing of theirs is wanted any more, so there is nothing for them to finish.
        foreach (var process in _processes.OfType<ChildProcess>())
            await process.StopAsync(TimeSpan.Zero, _clock);
        if (_database is not null)
            await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Add(int number, string program, Func<int, IReadOnlyDictionary<string, string>> settings)
    {
        var url = ServerAddress.Url(ServerAddress.AnyFree());
        _servers.Add(new ServerProcess(program, url, () => Environment(number, url, settings(number)), Path.Combine(_home.LogFolder, $"server-{number}.log")));
        _processes.Add(null);
    }

    private async Task ServeAsync(int number, CancellationToken cancellationToken)
    {
        var process = _processes[number] = await _servers[number].LaunchAsync();
        var readiness = await _servers[number].WaitUntilReadyAsync(process, Patience, _say, _clock, cancellationToken);
        if (readiness is not Readiness.Ready)
            throw new GamekeeperException(
                "server.unavailable", $"Server {number} of the proof did not come up: {readiness}.\n{LogTail.Of(_servers[number].LogFile, from: 0)}");
    }

    // The ordinary configuration, without the limits that one machine asking for many players would run into.
    private Dictionary<string, string> Environment(int number, string url, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(ServerEnvironment.Of(_database!, url))
        {
            ["Gamekeeper__RateLimit__PerMinute"] = "",
            ["Gamekeeper__RateLimit__SignInPerMinute"] = "",
            ["Gamekeeper__RateLimit__ServiceKeyPerMinute"] = "",
            // Passwords are no part of what is proved, and their hashing would be most of the work.
            ["Gamekeeper__Accounts__PasswordIterations"] = "1000",
            // Wherever the environment keeps objects: what this database signs means nothing there.
            ["Gamekeeper__Storage__Folder"] = _home.ObjectsFolder,
            ["Logging__LogLevel__Default"] = "Warning",
            // The runtime keeps sockets there that a SIGKILL leaves behind.
            ["TMPDIR"] = _folder,
        };
        environment[ReachedDatabase.ApplicationVariable] =
            new NpgsqlConnectionStringBuilder(environment[ReachedDatabase.ApplicationVariable]) { ApplicationName = ApplicationName(number) }.ConnectionString;
        foreach (var (name, value) in settings)
            environment[name] = value;
        return environment;
    }
}
