using System.Data.Common;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL in a folder: found, made, started, recovered and stopped without anyone setting anything up. It ends with this
/// process, however this process ends. Safe to use from several threads.
/// </summary>
public sealed partial class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly ServerFolder _folder;
    private readonly EmbeddedPostgresOptions _options;
    private readonly List<string> _notes;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Own? _own;
    private readonly CancellationTokenSource _disposed = new();
    private bool _stopRequested;

    private EmbeddedPostgresServer(
        ServerFolder folder, EmbeddedPostgresOptions options, List<string> notes, PostgresInstallation installation, Own? own)
    {
        _folder = folder;
        _options = options;
        _notes = notes;
        _own = own;
        Installation = installation;
        Durability = ServerSettings.DurabilityOf(folder);
    }

    /// <summary>The port, of the loopback interface and of the socket's name. Kept by <see cref="RestartAsync"/>.</summary>
    public int Port { get; private set; }

    /// <summary>The folder of the unix socket; only the server's user (and root) may enter it.</summary>
    public string SocketDirectory { get; private set; } = "";

    /// <summary>The postmaster. Another one after <see cref="RestartAsync"/>.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The programs in use.</summary>
    public PostgresInstallation Installation { get; }

    /// <summary>The server's version, such as 15.14.</summary>
    public Version Version => Installation.Version;

    /// <summary>Where the data lie.</summary>
    public string DataDirectory => _folder.Data;

    /// <summary>The folder asked for, when the server's user could not enter it and the data lie elsewhere; else null.</summary>
    public string? RelocatedFrom => _folder.RelocatedFrom;

    /// <summary>True when another process started this server; disposing then leaves it running.</summary>
    public bool Adopted => _own is null;

    /// <summary>
    /// What the server's own files promise, whoever wrote them: <see cref="Durability.None"/> also for an adopted test server and
    /// after ALTER SYSTEM. A proof of durability must refuse anything but <see cref="Durability.Full"/>.
    /// </summary>
    public Durability Durability { get; }

    public string SuperuserName { get; private init; } = "";

    /// <summary>The superuser's; it also lies in the file <c>password</c> beside the data. Do not log it.</summary>
    public string Password { get; private init; } = "";

    /// <summary>What the server writes. Rotated at a start once past 16 MB, one older generation kept.</summary>
    public string LogFile => _folder.LogFile;

    /// <summary>What a person should know about this start: leftovers ended, files moved aside, a folder relocated. Mostly empty.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>
    /// Completes when the server process ends, asked to or not. After <see cref="RestartAsync"/> there is a new one. For an adopted
    /// server it is cancelled by disposing, since nobody watches any more.
    /// </summary>
    public Task<ServerExit> Exited { get; private set; } = Task.FromResult(new ServerExit(null, false));

    /// <summary>
    /// Finds PostgreSQL, makes the cluster when there is none, clears what a crash left, starts the server and returns once it accepts
    /// connections. A cluster that exists is used as it is.
    /// </summary>
    /// <exception cref="ArgumentException">The options contradict themselves or leave their ranges.</exception>
    /// <exception cref="EmbeddedPostgresException">With a code of <see cref="EmbeddedPostgresErrors"/>.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(
        EmbeddedPostgresOptions options, CancellationToken cancellationToken = default)
    {
        EmbeddedPostgresOptions.Validate(options);
        RefuseOtherSystems();
        var located = ServerFolder.Locate(options.Directory);
        var account = await ServerAccount.ChooseAsync(options.RunAsUser, located.HasData ? located.Data : null, cancellationToken);
        var folder = await ServerFolder.PrepareAsync(located, account, cancellationToken);
        var notes = new List<string>();
        if (folder.RelocatedFrom is { } asked)
            notes.Add($"the user {account.Name} cannot enter {asked}: the data lie in {folder.Data}");

        var claim = await StartedFolders.ClaimAsync(folder.Data, options.TimeProvider, cancellationToken);
        var kept = false;
        try
        {
            using var alone = await StartLock.TakeAsync(folder, account, options, cancellationToken);
            var abandonedSocket = PostmasterPid.Read(folder.PidFile)?.SocketDirectory;
            var live = await new Leftovers(folder, account, options, notes).ClearAsync(cancellationToken);
            if (live is not null && await AdoptAsync(folder, live, options, notes, cancellationToken) is { } adopted)
                return adopted;

            SocketFolder.DiscardAbandoned(abandonedSocket);
            var installation = await PostgresInstallation.FindAsync(
                PostgresSearch.OnThisMachine(options.BinDirectory, options.LibDirectory), folder.MajorVersion(), cancellationToken);
            var cluster = new Cluster(folder, account, options, notes);
            await cluster.EnsureAsync(installation, cancellationToken);
            var started = await LaunchAsync(folder, account, installation, cluster, options, notes, claim, cancellationToken);
            kept = true;
            return started;
        }
        finally
        {
            if (!kept)
                claim.Dispose();
        }
    }

    /// <summary>
    /// The text of a connection over the unix socket as the superuser, as Npgsql reads it.
    /// </summary>
    public string ConnectionString(string database) => ConnectionString(database, SocketDirectory);

    /// <summary>The same over loopback TCP, for tools that know no unix sockets.</summary>
    /// <exception cref="InvalidOperationException">
    /// The server was started with <see cref="EmbeddedPostgresOptions.SocketOnly"/>.
    /// </exception>
    public string LoopbackConnectionString(string database) => _options.SocketOnly
        ? throw new InvalidOperationException("This server listens on no TCP port (SocketOnly); use ConnectionString.")
        : ConnectionString(database, "127.0.0.1");

    /// <summary>
    /// Stops the server, an adopted one too; nothing happens when it has ended already. Afterwards the data lie still.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">
    /// <see cref="EmbeddedPostgresErrors.StopTimeout"/>: it goes on stopping, it was not killed.
    /// </exception>
    public async Task StopAsync(StopMode mode = StopMode.Fast, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await EndAsync(mode, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Stops and starts again on the same port and socket: connection strings stay valid. Starts a server that died, too.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">
    /// <see cref="EmbeddedPostgresErrors.NotOwner"/> for an adopted server; those of a start and a stop.
    /// </exception>
    public async Task RestartAsync(StopMode mode = StopMode.Fast, CancellationToken cancellationToken = default)
    {
        if (_own is null)
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.NotOwner,
                $"The server {ProcessId} in {DataDirectory} was started by another process and cannot be restarted from "
                + "here. Restart it there, or stop it and start anew.");
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            await EndAsync(mode, cancellationToken);
            await RunAgainAsync(_own, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the server (fast) unless it was adopted. Safe to repeat.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        await _disposed.CancelAsync();
        if (!Adopted)
            await StopAsync();
    }

    private string ConnectionString(string database, string host)
    {
        var builder = new DbConnectionStringBuilder
        {
            ["Host"] = host,
            ["Port"] = Port,
            ["Username"] = SuperuserName,
            ["Password"] = Password,
            ["Database"] = database,
        };
        return builder.ConnectionString;
    }

    private static void RefuseOtherSystems()
    {
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.UnsupportedPlatform,
                $"A private server is started on Linux only; this is {Environment.OSVersion.Platform}. Use a PostgreSQL of your own "
                + "and its connection string.");
    }
}
