using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// Where everything of one server lies. Data decide: where a cluster is, it is found again, whether or not the folder could be
/// entered when it was made.
/// </summary>
internal sealed record ServerFolder(string Home, string? RelocatedFrom)
{
    /// <summary>For root, when the unprivileged user cannot enter the folder asked for. Outlives reboots, unlike a temp folder.</summary>
    private const string Elsewhere = "/var/lib/gamekeeper-postgres";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Data => Path.Combine(Home, "data");

    public string PasswordFile => Path.Combine(Home, "password");

    public string SuperuserFile => Path.Combine(Home, "superuser");

    public string LockFile => Path.Combine(Home, "start.lock");

    public string LogFile => Path.Combine(Home, "log", "postgresql.log");

    public string OwnSocketFolder => Path.Combine(Home, "run");

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    public string SettingsFile => Path.Combine(Data, "gamekeeper.conf");

    public bool HasData => HasDataIn(Home);

    /// <summary>The folder as it stands, for looking and stopping; makes nothing.</summary>
    public static ServerFolder Locate(string directory)
    {
        var requested = RealPathOf(directory);
        RefuseForeign(Path.Combine(requested, "data"));
        var relocated = Path.Combine(Elsewhere, Fingerprint(requested));
        return !HasDataIn(requested) && Environment.IsPrivilegedProcess && HasDataIn(relocated)
            ? new ServerFolder(relocated, requested)
            : new ServerFolder(requested, null);
    }

    /// <summary>The folder to start in, made when absent, with its parts owned by the server's user.</summary>
    public static async Task<ServerFolder> PrepareAsync(ServerFolder located, ServerAccount account, CancellationToken cancellationToken)
    {
        var folder = located;
        try
        {
            if (!folder.HasData && !await account.CanEnterAsync(NearestExisting(folder.Home), cancellationToken))
                folder = new ServerFolder(Path.Combine(Elsewhere, Fingerprint(located.Home)), located.Home);
            Directory.CreateDirectory(folder.Home);
            if (!await account.CanEnterAsync(folder.Home, cancellationToken))
                throw Unusable(folder.Home, account, null);
            if (folder.RelocatedFrom is { } origin)
                await File.WriteAllTextAsync(Path.Combine(folder.Home, "belongs-to"), origin + "\n", cancellationToken);
            folder.MakeOwned(folder.OwnSocketFolder, account);
            folder.MakeOwned(Path.GetDirectoryName(folder.LogFile)!, account);
            return folder;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Unusable(folder.Home, account, e);
        }
    }

    /// <summary>A folder only the server's user may enter.</summary>
    public void MakeOwned(string path, ServerAccount account)
    {
        if (Directory.Exists(path))
            return;
        Directory.CreateDirectory(path, OwnerOnly);
        account.Own(path);
    }

    /// <summary>The major version that wrote the data; null when there are none.</summary>
    public int? MajorVersion() =>
        HasData && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim(), out var major) ? major : null;

    /// <summary>initdb writes PG_VERSION early and the control file later; only with both there is something to start.</summary>
    private static bool HasDataIn(string home) =>
        File.Exists(Path.Combine(home, "data", "PG_VERSION")) && File.Exists(Path.Combine(home, "data", "global", "pg_control"));

    /// <summary>Links are followed, since the kernel reports a server's folder without them.</summary>
    private static string RealPathOf(string directory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var existing = NearestExisting(full);
        return Path.TrimEndingDirectorySeparator(Path.Combine(Libc.RealPath(existing), full[existing.Length..].TrimStart('/')));
    }

    /// <summary>A data folder of somebody else looks empty to us; that must not be taken for "nothing here".</summary>
    private static void RefuseForeign(string data)
    {
        try
        {
            if (Directory.Exists(data))
                _ = Directory.EnumerateFileSystemEntries(data).Any();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException(
                EmbeddedPostgresErrors.FolderUnusable,
                $"The data in {data} belong to another user than {Environment.UserName} and cannot be looked at. "
                + $"Run as their owner (stat {data}) or as root.",
                e);
        }
    }

    private static string NearestExisting(string path)
    {
        while (!Directory.Exists(path))
            path = Path.GetDirectoryName(path)!;
        return path;
    }

    private static string Fingerprint(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    private static EmbeddedPostgresException Unusable(string home, ServerAccount account, Exception? inner) =>
        new(EmbeddedPostgresErrors.FolderUnusable,
            $"The user {account.Name}, as whom the server runs, cannot use the folder {home}"
            + (inner is null ? "" : $" ({inner.Message})")
            + ". Allow that user into the folder and everything above it (chmod o+x), name its owner in RunAsUser, or choose another "
            + "Directory.",
            inner);
}
