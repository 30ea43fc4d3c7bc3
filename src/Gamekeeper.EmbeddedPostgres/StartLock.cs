namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// One start at a time in a folder, across processes. The kernel lets go of it when its holder dies; the file itself says nothing
/// and stays. It is closed on exec, so the server does not inherit it.
/// </summary>
internal static class StartLock
{
    public static async Task<IDisposable> TakeAsync(
        ServerFolder folder, ServerAccount account, EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        FileStream? held = null;
        var wait = new BoundedWait(options.TimeProvider, options.StartTimeout);
        var taken = await wait.UntilAsync(() => (held = Try()) is not null, cancellationToken);
        return taken && held is not null
            ? held
            : throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.StartInProgress,
                $"Another process has been starting a server in {folder.Home} for more than {options.StartTimeout} (it holds "
                + $"{folder.LockFile}). Wait for it, or end it.");

        FileStream? Try()
        {
            try
            {
                var isNew = !File.Exists(folder.LockFile);
                var stream = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (isNew)
                    account.Own(folder.LockFile);
                return stream;
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                return null;
            }
        }
    }
}
