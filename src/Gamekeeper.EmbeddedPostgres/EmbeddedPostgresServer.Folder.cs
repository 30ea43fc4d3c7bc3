namespace Gamekeeper.EmbeddedPostgres;

// What can be asked of a folder without starting or holding a server.
public sealed partial class EmbeddedPostgresServer
{
    /// <summary>Looks, and changes nothing; a folder that does not exist is one without a server.</summary>
    public static async Task<EmbeddedPostgresStatus> StatusAsync(string directory, CancellationToken cancellationToken = default)
    {
        RefuseOtherSystems();
        var folder = ServerFolder.Locate(directory);
        var stopped = new EmbeddedPostgresStatus
        {
            Running = false,
            Ready = false,
            MajorVersion = folder.MajorVersion(),
            DataDirectory = folder.Data,
            RelocatedFrom = folder.RelocatedFrom,
        };
        if (PostmasterPid.Read(folder.PidFile) is not { ProcessId: { } id } pid)
            return stopped;
        var account = await ServerAccount.ChooseAsync(null, folder.Data, cancellationToken);
        var processes = await ProcessTable.InFolderAsync(account, folder.Data, cancellationToken);
        return processes.All(p => p.ProcessId != id)
            ? stopped
            : stopped with { Running = true, Ready = pid.Ready, ProcessId = id, Port = pid.Port, SocketDirectory = pid.SocketDirectory };
    }

    /// <summary>Stops whatever server runs on the folder, whoever started it. False when none did.</summary>
    /// <param name="directory">The folder given to <see cref="StartAsync"/>.</param>
    /// <param name="timeout">Default null: 60 s.</param>
    /// <param name="clock">Default null: the system's.</param>
    /// <param name="cancellationToken">Ends the waiting, not the stopping.</param>
    /// <exception cref="EmbeddedPostgresException">
    /// <see cref="EmbeddedPostgresErrors.StopTimeout"/>: it goes on stopping, it was not killed.
    /// </exception>
    public static async Task<bool> StopAsync(
        string directory, TimeSpan? timeout = null, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        var status = await StatusAsync(directory, cancellationToken);
        if (status.ProcessId is not { } id)
            return false;
        Libc.Signal(id, Libc.SigInt);
        var limit = timeout ?? TimeSpan.FromSeconds(60);
        return await new BoundedWait(clock ?? TimeProvider.System, limit).UntilAsync(() => !ProcessTable.IsAlive(id), cancellationToken)
            ? true
            : throw StopTimedOut(id, ServerFolder.Locate(directory), limit, null);
    }
}
