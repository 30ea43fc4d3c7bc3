namespace Gamekeeper.EmbeddedPostgres;

// How a server comes to be ours, and how it ends.
public sealed partial class EmbeddedPostgresServer
{
    /// <summary>What only the process that started a server has.</summary>
    private sealed record Own(ServerAccount Account, Cluster Cluster, SocketFolder Socket);

    private static async Task<EmbeddedPostgresServer> LaunchAsync(
        ServerFolder folder, ServerAccount account, PostgresInstallation installation, Cluster cluster, EmbeddedPostgresOptions options,
        List<string> notes, StartedFolders claim, CancellationToken cancellationToken)
    {
        var socket = SocketFolder.Choose(folder, account);
        try
        {
            // Read first: once the server runs, nothing may fail before it is followed.
            var password = (await File.ReadAllTextAsync(folder.PasswordFile, cancellationToken)).Trim();
            var start = new ServerStart(folder, account, installation, options);
            var (postmaster, port) = await start.RunAsync(cluster, socket, port: null, cancellationToken);
            var server = new EmbeddedPostgresServer(folder, options, notes, installation, new Own(account, cluster, socket))
            {
                Port = port,
                SocketDirectory = socket.Path,
                SuperuserName = options.SuperuserName,
                Password = password,
            };
            server.Follow(postmaster, claim);
            return server;
        }
        catch
        {
            socket.Discard();
            throw;
        }
    }

    private async Task RunAgainAsync(Own own, CancellationToken cancellationToken)
    {
        // The end of the former process gave the folder up.
        var claim = await StartedFolders.ClaimAsync(DataDirectory, _options.TimeProvider, cancellationToken);
        var kept = false;
        try
        {
            using var alone = await StartLock.TakeAsync(_folder, own.Account, _options, cancellationToken);
            if (await new Leftovers(_folder, own.Account, _options, _notes).ClearAsync(cancellationToken) is { } other)
                throw new EmbeddedPostgresException(
                    EmbeddedPostgresErrors.AlreadyRunning,
                    $"Another process started the server {other.ProcessId} in {DataDirectory} while this one was stopped. "
                    + "Dispose this one and start anew to adopt it.");
            _folder.MakeOwned(own.Socket.Path, own.Account);
            var start = new ServerStart(_folder, own.Account, Installation, _options);
            var (postmaster, _) = await start.RunAsync(own.Cluster, own.Socket, Port, cancellationToken);
            Follow(postmaster, claim);
            kept = true;
        }
        finally
        {
            if (!kept)
                claim.Dispose();
        }
    }

    private void Follow(Postmaster postmaster, StartedFolders claim)
    {
        claim.Follow(postmaster);
        _stopRequested = false;
        ProcessId = postmaster.ProcessId;
        Exited = HearOfEndAsync(postmaster);

        async Task<ServerExit> HearOfEndAsync(Postmaster server)
        {
            var code = await server.Exited;
            claim.Dispose();
            return new ServerExit(code, _stopRequested);
        }
    }

    private async Task EndAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (!Exited.IsCompleted)
        {
            _stopRequested = true;
            Libc.Signal(ProcessId, mode == StopMode.Fast ? Libc.SigInt : Libc.SigQuit);
            try
            {
                await Exited.WaitAsync(_options.StopTimeout, _options.TimeProvider, cancellationToken);
            }
            catch (TimeoutException e)
            {
                throw StopTimedOut(ProcessId, _folder, _options.StopTimeout, e);
            }
        }

        _own?.Socket.Discard();
    }

    private static async Task<EmbeddedPostgresServer?> AdoptAsync(
        ServerFolder folder, LiveServer live, EmbeddedPostgresOptions options, List<string> notes, CancellationToken cancellationToken)
    {
        var seen = PostmasterPid.Read(folder.PidFile);
        if (options.WhenRunning == WhenRunning.Refuse)
            throw Running(seen?.Port, "Stop it first, or set WhenRunning to Adopt to use it.");
        var wait = new BoundedWait(options.TimeProvider, options.StartTimeout);
        var pid = await ServerStart.AnswersAsync(folder, live.ProcessId, wait, cancellationToken);
        if (pid is null && !ProcessTable.IsAlive(live.ProcessId))
            return await OnceGoneAsync();
        if (pid is not { Port: { } port, SocketDirectory: { } socket })
            throw Running(seen?.Port, $"It did not answer within {options.StartTimeout}; see {folder.LogFile}.");
        if (!File.Exists(folder.PasswordFile))
            throw Running(port, $"It cannot be adopted, since its password file {folder.PasswordFile} is gone.");

        var installation = await PostgresInstallation.FindAsync(
            PostgresSearch.OnThisMachine(live.BinDirectory, options.LibDirectory), preferredMajor: null, cancellationToken);
        notes.Add($"adopted the server {live.ProcessId} that another process started");
        var server = new EmbeddedPostgresServer(folder, options, notes, installation, own: null)
        {
            Port = port,
            SocketDirectory = socket,
            ProcessId = live.ProcessId,
            SuperuserName = File.Exists(folder.SuperuserFile)
                ? (await File.ReadAllTextAsync(folder.SuperuserFile, cancellationToken)).Trim()
                : options.SuperuserName,
            Password = (await File.ReadAllTextAsync(folder.PasswordFile, cancellationToken)).Trim(),
        };
        server.Exited = server.WatchAdoptedAsync();
        return server;

        EmbeddedPostgresException Running(int? port, string advice) => new(
            EmbeddedPostgresErrors.AlreadyRunning,
            $"Another process already runs the server of {folder.Data}: process {live.ProcessId}, "
            + $"port {port?.ToString() ?? "not yet known"}. {advice}");

        // It was on its way out as we looked; a second look clears what it left.
        async Task<EmbeddedPostgresServer?> OnceGoneAsync()
        {
            var account = await ServerAccount.ChooseAsync(options.RunAsUser, folder.Data, cancellationToken);
            var next = await new Leftovers(folder, account, options, notes).ClearAsync(cancellationToken);
            return next is null ? null : await AdoptAsync(folder, next, options, notes, cancellationToken);
        }
    }

    /// <summary>Not our child, so the kernel tells us nothing of its end: look now and then, until disposed.</summary>
    private async Task<ServerExit> WatchAdoptedAsync()
    {
        while (ProcessTable.IsAlive(ProcessId))
            await Task.Delay(TimeSpan.FromMilliseconds(100), _options.TimeProvider, _disposed.Token);
        return new ServerExit(null, _stopRequested);
    }

    private static EmbeddedPostgresException StopTimedOut(int processId, ServerFolder folder, TimeSpan limit, Exception? inner) =>
        new(EmbeddedPostgresErrors.StopTimeout,
            $"The server {processId} in {folder.Data} did not stop within {limit}. It was not killed and goes on stopping, most "
            + $"likely writing its checkpoint; see {folder.LogFile}.",
            inner);
}
