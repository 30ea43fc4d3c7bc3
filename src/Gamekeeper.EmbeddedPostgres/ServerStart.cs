using System.Net.Sockets;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>Launches a server process and waits until it accepts connections, or says why it does not.</summary>
internal sealed class ServerStart(
    ServerFolder folder, ServerAccount account, PostgresInstallation installation, EmbeddedPostgresOptions options)
{
    private const int PortAttempts = 5;

    private static readonly TimeSpan TellAgain = TimeSpan.FromMilliseconds(100);

    /// <param name="cluster">Where the settings are written.</param>
    /// <param name="socket">The folder of the socket.</param>
    /// <param name="port">A port to keep (a restart's); null to choose.</param>
    /// <param name="cancellationToken">Ends the half-started server, too.</param>
    public async Task<(Postmaster Postmaster, int Port)> RunAsync(
        Cluster cluster, SocketFolder socket, int? port, CancellationToken cancellationToken)
    {
        var hasStatements = await installation.HasLibraryAsync("pg_stat_statements", cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            // Without TCP the port is only the socket's name, in a folder of our own.
            var chosen = port ?? options.Port ?? (options.SocketOnly ? 5432 : options.ChoosePort());
            await cluster.WriteSettingsAsync(chosen, socket.Path, hasStatements, cancellationToken);
            var log = new ServerLog(folder.LogFile);
            var postmaster = await Postmaster.LaunchAsync(Tool.StartInfo(
                account.ServerCommand(folder.LogFile, installation.Postgres, "-D", folder.Data), installation.LibDirectory));
            if (await ReadyAsync(postmaster, log, cancellationToken))
                return (postmaster, chosen);

            var tail = log.Tail();
            var portWasTaken = tail.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal);
            if (portWasTaken && port is null && options.Port is null && attempt < PortAttempts)
                continue;
            throw Failed($"ended with {await postmaster.Exited}", postmaster, tail, portWasTaken
                ? $"Port {chosen} is taken: leave Port null for a free one, or end its holder."
                : "The log names the cause; settings come from EmbeddedPostgresOptions.Settings.");
        }
    }

    /// <summary>True when ready, false when it ended.</summary>
    private async Task<bool> ReadyAsync(Postmaster postmaster, ServerLog log, CancellationToken cancellationToken)
    {
        var decided = false;
        try
        {
            var inTime = await new BoundedWait(options.TimeProvider, options.StartTimeout)
                .UntilAsync(() => postmaster.Exited.IsCompleted || IsReady(postmaster.ProcessId), cancellationToken);
            decided = inTime;
            return inTime
                ? !postmaster.Exited.IsCompleted
                : throw Failed(
                    $"was not ready within {options.StartTimeout}", postmaster, log.Tail(),
                    "After a crash it may still be recovering: give StartTimeout more, recovery goes on where it was.");
        }
        finally
        {
            if (!decided)
                await EndAsync(postmaster);
        }
    }

    // What a script starts with "&" ignores SIGQUIT, and so does the server until it has set up its own handlers: told until it is gone.
    private static async Task EndAsync(Postmaster postmaster)
    {
        while (Libc.Signal(postmaster.ProcessId, Libc.SigQuit) && !postmaster.Exited.IsCompleted)
            await Task.WhenAny(postmaster.Exited, Task.Delay(TellAgain, TimeProvider.System, CancellationToken.None));
    }

    private bool IsReady(int processId) => PostmasterPid.Read(folder.PidFile) is { Ready: true } pid && pid.ProcessId == processId;

    private EmbeddedPostgresException Failed(string what, Postmaster postmaster, string tail, string advice)
    {
        var said = (postmaster.Exited.IsCompleted ? postmaster.Complaint : "") + tail;
        return new EmbeddedPostgresException(
            EmbeddedPostgresErrors.StartFailed,
            $"The server in {folder.Data} (PostgreSQL {installation.Version}, user {account.Name}) {what}. {advice} "
            + $"Last lines of {folder.LogFile}:\n"
            + (said.Length == 0 ? "(nothing was written)" : said));
    }

    /// <summary>Waits for a server somebody else started to become ready and to answer on its socket.</summary>
    public static async Task<PostmasterPid?> AnswersAsync(
        ServerFolder folder, int processId, BoundedWait wait, CancellationToken cancellationToken)
    {
        var ready = await wait.UntilAsync(
            () => !ProcessTable.IsAlive(processId) || PostmasterPid.Read(folder.PidFile) is { Ready: true, SocketDirectory: not null },
            cancellationToken);
        if (!ready || PostmasterPid.Read(folder.PidFile) is not { Ready: true, SocketDirectory: { } directory, Port: { } port } pid)
            return null;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(directory, $".s.PGSQL.{port}")), cancellationToken);
            return pid;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
