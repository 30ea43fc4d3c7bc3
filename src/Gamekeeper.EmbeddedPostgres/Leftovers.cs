namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// Clears what a crash left in a data folder, so that a start can succeed. Three things are met:
/// <list type="bullet">
/// <item>A postmaster killed but not yet reaped. PostgreSQL takes the zombie for a live owner; we wait for its parent, and
/// after a while pass over it.</item>
/// <item>Backends that outlived their postmaster, busy with a query. They hold the shared memory, and a second server beside them would
/// ruin the data. SIGTERM ends them; SIGKILL is the last resort.</item>
/// <item>A postmaster.pid whose number now belongs to somebody else. It is moved aside, never deleted, and only when nothing of this
/// cluster lives.</item>
/// </list>
/// A postmaster.pid whose process is gone is left alone: PostgreSQL itself then checks the shared memory it names.
/// </summary>
internal sealed class Leftovers(ServerFolder folder, ServerAccount account, EmbeddedPostgresOptions options, List<string> notes)
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>The live owner of the folder, ready or about to be; null when the way is clear.</summary>
    public async Task<LiveServer?> ClearAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Data))
            return null;
        var pid = PostmasterPid.Read(folder.PidFile);
        if (pid?.ProcessId is { } dead && ProcessTable.IsZombie(dead))
            await OutwaitZombieAsync(dead, cancellationToken);

        var processes = await ProcessTable.InFolderAsync(account, folder.Data, cancellationToken);
        if (processes.FirstOrDefault(p => p.ProcessId == pid?.ProcessId) is { } owner)
            return new LiveServer(owner.ProcessId, Path.GetDirectoryName(owner.Program)!);

        if (processes.Count > 0)
            await EndAsync([.. processes.Select(p => p.ProcessId)], cancellationToken);
        if (pid is not null && PostmasterPid.Read(folder.PidFile) == pid)
            MoveAside(pid);
        return null;
    }

    private async Task OutwaitZombieAsync(int zombie, CancellationToken cancellationToken)
    {
        var reaped = await new BoundedWait(options.TimeProvider, options.ZombiePatience)
            .UntilAsync(() => !ProcessTable.IsZombie(zombie), cancellationToken);
        notes.Add(reaped
            ? $"waited until the dead server {zombie} was reaped by its parent"
            : $"passed over the dead server {zombie}, which its parent did not reap within {options.ZombiePatience}");
    }

    private async Task EndAsync(IReadOnlyList<int> processes, CancellationToken cancellationToken)
    {
        foreach (var process in processes)
            Libc.Signal(process, Libc.SigTerm);
        notes.Add($"ended {processes.Count} process(es) of an earlier server: {string.Join(", ", processes)}");
        if (await AllGoneAsync(options.LeftoverPatience))
            return;

        var stubborn = processes.Where(ProcessTable.IsAlive).ToList();
        foreach (var process in stubborn)
            Libc.Signal(process, Libc.SigKill);
        notes.Add($"killed those that did not obey within {options.LeftoverPatience}: {string.Join(", ", stubborn)}");
        if (!await AllGoneAsync(KillPatience))
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.LeftoversAlive,
                $"Processes {string.Join(", ", processes.Where(ProcessTable.IsAlive))} of an earlier server still work in "
                + $"{folder.Data} and obey no signal, which is mostly a disk that does not answer. Look at them with ps; once they are "
                + "gone, start again. "
                + "Do not delete postmaster.pid meanwhile: two servers on one folder destroy the data.");

        Task<bool> AllGoneAsync(TimeSpan limit) =>
            new BoundedWait(options.TimeProvider, limit).UntilAsync(() => !processes.Any(ProcessTable.IsAlive), cancellationToken);
    }

    private void MoveAside(PostmasterPid pid)
    {
        var taken = pid.ProcessId is { } id && (ProcessTable.IsAlive(id) || ProcessTable.IsZombie(id));
        if (!taken && pid.ProcessId is not null)
            return;
        File.Move(folder.PidFile, folder.PidFile + ".stale", overwrite: true);
        notes.Add(pid.ProcessId is null
            ? "moved an empty postmaster.pid aside"
            : $"moved a postmaster.pid aside that names process {pid.ProcessId}, which is no server of this folder");
    }
}

/// <summary>A server process that owns a data folder, and where its program lies.</summary>
internal sealed record LiveServer(int ProcessId, string BinDirectory);
