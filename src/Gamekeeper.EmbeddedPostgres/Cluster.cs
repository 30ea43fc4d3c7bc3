using System.Security.Cryptography;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// Makes the data folder when there is none, and refuses one that does not fit. initdb works in a sibling that is renamed when
/// complete: a folder called data is a whole cluster, and what an interrupted initdb leaves can be told by its name.
/// </summary>
internal sealed class Cluster(ServerFolder folder, ServerAccount account, EmbeddedPostgresOptions options, List<string> notes)
{
    private const string UnfinishedPrefix = "data.unfinished-";
    private const string Include = "include_if_exists = 'gamekeeper.conf'";

    public async Task EnsureAsync(PostgresInstallation installation, CancellationToken cancellationToken)
    {
        if (folder.MajorVersion() is { } written)
            RefuseUnfit(written, installation);
        else
            await MakeAsync(installation, cancellationToken);
    }

    /// <summary>The settings of the coming start, put in place in one step.</summary>
    public async Task WriteSettingsAsync(int port, string socketDirectory, bool hasStatements, CancellationToken cancellationToken)
    {
        var text = ServerSettings.Text(options, port, socketDirectory, hasStatements);
        await ReplaceAsync(folder.SettingsFile, text, cancellationToken);
        var main = Path.Combine(folder.Data, "postgresql.conf");
        var lines = await File.ReadAllTextAsync(main, cancellationToken);
        if (!lines.Contains(Include, StringComparison.Ordinal))
            await ReplaceAsync(main, lines + "\n# Appended by Gamekeeper.\n" + Include + "\n", cancellationToken);
    }

    private void RefuseUnfit(int written, PostgresInstallation installation)
    {
        if (written != installation.Version.Major)
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.VersionMismatch,
                $"The data in {folder.Data} were written by PostgreSQL {written}; found is {installation.Version} in "
                + $"{installation.BinDirectory}. "
                + $"Install PostgreSQL {written} beside it (it is then chosen by itself), or carry the data over with "
                + "pg_upgrade or pg_dump. Nothing was changed.");
        if (!File.Exists(folder.PasswordFile))
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.PasswordMissing,
                $"There is a cluster in {folder.Data}, but its password file {folder.PasswordFile} is gone. Put it back from a "
                + "backup, or set a new password (postgres --single, alter role ... password) and write it into that file.");
        var superuser = File.Exists(folder.SuperuserFile) ? File.ReadAllText(folder.SuperuserFile).Trim() : options.SuperuserName;
        if (superuser != options.SuperuserName)
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.SuperuserMismatch,
                $"The cluster in {folder.Data} was made with the superuser {superuser}; the options ask for "
                + $"{options.SuperuserName}. Ask for {superuser}.");
    }

    private async Task MakeAsync(PostgresInstallation installation, CancellationToken cancellationToken)
    {
        PutAsideWhatIsNoCluster();
        // The start lock is ours, so nobody works in these; by their name they were never finished.
        foreach (var unfinished in Directory.EnumerateDirectories(folder.Home, UnfinishedPrefix + "*"))
            RemoveUnfinished(unfinished);

        if (!File.Exists(folder.PasswordFile))
            await ReplaceAsync(folder.PasswordFile, RandomNumberGenerator.GetHexString(48, lowercase: true), cancellationToken);
        await ReplaceAsync(folder.SuperuserFile, options.SuperuserName, cancellationToken);

        var target = Path.Combine(folder.Home, UnfinishedPrefix + RandomNumberGenerator.GetHexString(8, lowercase: true));
        var made = await InitAsync(installation, target, "C.UTF-8", cancellationToken);
        if (made.ExitCode != 0 && made.Errors.Contains("invalid locale name", StringComparison.Ordinal))
        {
            notes.Add("this system has no locale C.UTF-8: the cluster was made with C");
            Directory.Delete(target, recursive: true);
            made = await InitAsync(installation, target, "C", cancellationToken);
        }

        if (made.ExitCode != 0)
        {
            Directory.Delete(target, recursive: true);
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.InitFailed,
                $"initdb of PostgreSQL {installation.Version} ended with {made.ExitCode} in {folder.Home}, as user {account.Name}. "
                + $"It said:\n{(made.Output + made.Errors).Trim()}\n"
                + "Mostly the disk is full or the folder is not writable for that user.");
        }

        Directory.Move(target, folder.Data);
        if (options.Durability == Durability.Full)
            Libc.SyncFolder(folder.Home);
    }

    private void RemoveUnfinished(string unfinished)
    {
        try
        {
            Directory.Delete(unfinished, recursive: true);
            notes.Add($"removed {unfinished}, left by an interrupted initdb");
        }
        catch (IOException e)
        {
            // The initdb of a killed process may still be writing into it for a second; it is in nobody's way.
            notes.Add($"{unfinished}, left by an interrupted initdb, could not be removed yet: {e.Message}");
        }
    }

    private Task<Tool> InitAsync(PostgresInstallation installation, string target, string locale, CancellationToken cancellationToken)
    {
        folder.MakeOwned(target, account);
        List<string> command =
        [
            installation.InitDb, "--pgdata", target, "--username", options.SuperuserName, "--pwfile", folder.PasswordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale, "--data-checksums", "--no-instructions",
        ];
        if (options.Durability == Durability.None)
            command.Add("--no-sync");
        return Tool.RunAsync(account.Command(command), installation.LibDirectory, cancellationToken);
    }

    /// <summary>
    /// A data folder without a control file: an initdb by hand that broke off, or a cluster that lost it. Neither is deleted.
    /// </summary>
    private void PutAsideWhatIsNoCluster()
    {
        if (!Directory.Exists(folder.Data))
            return;
        if (File.Exists(Path.Combine(folder.Data, "postmaster.opts")) || File.Exists(folder.SettingsFile))
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.DataDamaged,
                $"{folder.Data} has been in use as a cluster, but PG_VERSION or global/pg_control is missing. Restore it from a "
                + "backup, or move the folder away to begin with an empty database. Nothing was changed.");
        var aside = Enumerable.Range(1, int.MaxValue - 1).Select(n => $"{folder.Data}.incomplete-{n}").First(p => !Path.Exists(p));
        Directory.Move(folder.Data, aside);
        notes.Add($"moved {folder.Data}, which is no complete cluster, to {aside}");
    }

    /// <summary>Written beside and renamed, readable by the server's user alone from the first byte.</summary>
    private async Task ReplaceAsync(string file, string text, CancellationToken cancellationToken)
    {
        var beside = file + ".new";
        File.Delete(beside);
        var ownerOnly = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var stream = new FileStream(beside, ownerOnly))
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        account.Own(beside);
        File.Move(beside, file, overwrite: true);
    }
}
