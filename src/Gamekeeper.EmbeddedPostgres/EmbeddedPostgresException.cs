namespace Gamekeeper.EmbeddedPostgres;

/// <summary>
/// Something outside the program kept the server from starting, stopping or being found. <see cref="Code"/> is one of
/// <see cref="EmbeddedPostgresErrors"/>; the message names the values and says what to do.
/// </summary>
public sealed class EmbeddedPostgresException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Stable across versions; compare this, never the message.</summary>
    public string Code { get; } = code;
}

/// <summary>The codes an <see cref="EmbeddedPostgresException"/> can carry.</summary>
public static class EmbeddedPostgresErrors
{
    /// <summary>No PostgreSQL in any of the places looked at; the message lists them.</summary>
    public const string NotFound = "postgres.not-found";

    /// <summary>A PostgreSQL was found, but older than 15.</summary>
    public const string TooOld = "postgres.too-old";

    /// <summary>A program this library needs (setpriv, setsid, find, ...) is missing or could not be run.</summary>
    public const string ToolMissing = "postgres.tool-missing";

    /// <summary>The system is not Linux.</summary>
    public const string UnsupportedPlatform = "postgres.unsupported-platform";

    /// <summary>Running as root, and no unprivileged user could be taken on.</summary>
    public const string NoUnprivilegedUser = "postgres.no-unprivileged-user";

    /// <summary>The folder cannot be read, written or entered by the user the server runs as.</summary>
    public const string FolderUnusable = "postgres.folder-unusable";

    /// <summary>The data were written by another major version than the programs found.</summary>
    public const string VersionMismatch = "postgres.version-mismatch";

    /// <summary>The data folder held a cluster, but its control file is gone; nothing was touched.</summary>
    public const string DataDamaged = "postgres.data-damaged";

    /// <summary>The cluster exists, its password file does not.</summary>
    public const string PasswordMissing = "postgres.password-missing";

    /// <summary>The cluster was made with another superuser name than the options ask for.</summary>
    public const string SuperuserMismatch = "postgres.superuser-mismatch";

    /// <summary>initdb failed; the message holds its output.</summary>
    public const string InitFailed = "postgres.init-failed";

    /// <summary>The server ended or did not become ready; the message holds the last lines of its log.</summary>
    public const string StartFailed = "postgres.start-failed";

    /// <summary>This process already runs the server of this folder.</summary>
    public const string StartedTwice = "postgres.started-twice";

    /// <summary>Another process runs the server of this folder, and it is not to be adopted or does not answer.</summary>
    public const string AlreadyRunning = "postgres.already-running";

    /// <summary>Another process is starting a server in this folder and did not finish in time.</summary>
    public const string StartInProgress = "postgres.start-in-progress";

    /// <summary>Processes of an earlier server live on and could not be ended.</summary>
    public const string LeftoversAlive = "postgres.leftovers-alive";

    /// <summary>The server did not stop in time; it was not killed.</summary>
    public const string StopTimeout = "postgres.stop-timeout";

    /// <summary>An adopted server belongs to another process and cannot be restarted from here.</summary>
    public const string NotOwner = "postgres.not-owner";
}
